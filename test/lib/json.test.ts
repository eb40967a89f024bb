import * as E from "fp-ts/Either";
import fc from "fast-check";
import { readJson, Unreadable, withNumbersAsTexts } from "../../lib/json";

const read = (text: string) => {
  const document = readJson(text);
  if (E.isLeft(document)) throw new Error(document.left);
  const { value, found } = document.right;
  return { value, repeated: found.filter(({ kind }) => kind === "repeated").map(({ path }) => path) };
};

describe("a number", () => {
  it.each([
    "0",
    "-0",
    "1",
    "1.0",
    "100.00",
    "1e2",
    "1E+2",
    "0.001e3",
    "0e999999999",
    "0.1",
    "12.50",
    "-7.25e-3",
    "9007199254740991",
    "-9007199254740991",
    "9007199254740992",
    "5e-324",
    "1e23",
    "1.7976931348623157e308",
  ])("that a double says as it was written is read: %s", (text) => {
    expect(read(text).value).toBe(JSON.parse(text));
  });

  it.each([
    ["9007199254740991.4", "a number that would be rounded"],
    ["4503599627370497.5", "a number that would be rounded"],
    ["1.0000000000000001", "a number that would be rounded"],
    ["0.99999999999999999", "a number that would be rounded"],
    ["1e-400", "a number that would be rounded"],
    ["9007199254740993", "an integer beyond ±(2^53 − 1)"],
    ["-123456789012345678901234567890", "an integer beyond ±(2^53 − 1)"],
    ["1e400", "a number too large to hold"],
    ["-1e99999999999999999999", "a number too large to hold"],
  ])("that a double would round is not: %s", (text, what) => {
    for (const [document, value] of [
      [text, (it: unknown) => it],
      [`{"orders":[{},{"power":${text}}]}`, (it: { orders: { power: unknown }[] }) => it.orders[1]?.power],
      [` [ "\\"1e400\\\\", ${text} ] `, (it: unknown[]) => it[1]],
    ] as const) {
      const found = value(read(document).value as never);
      expect(found).toBeInstanceOf(Unreadable);
      expect(found).toMatchObject({ what, source: text });
    }
  });

  it("is written again as it came", () => {
    expect(JSON.stringify(read('{"power":9007199254740991.4}').value)).toBe('{"power":"9007199254740991.4"}');
  });

  it("may stand in a text, as anything may", () => {
    const text = JSON.stringify({ '9007199254740991.4":{"a': "1e400, [1e400] \\" });
    expect(read(text)).toEqual({ value: JSON.parse(text), repeated: [] });
  });
});

describe("a repeated property", () => {
  it.each([
    ['{"a":1,"a":1}', [["a"]]],
    ['{"a":1,"\\u0061":2}', [["a"]]],
    ['{"orders":[],"orders":[{}]}', [["orders"]]],
    ['{"orders":[{"power":1},{"power":1,"x":[{"power":1}],"power":2}]}', [["orders", 1, "power"]]],
    ['{"status":{"deep":[[],[{"a":{},"b":0,"a":[]}]]}}', [["status", "deep", 1, 0, "a"]]],
    ['{"__proto__":1,"__proto__":{}}', [["__proto__"]]],
    ['{"":1,"":1,"":1}', [[""], [""]]],
  ])("is named by its path: %s", (text, paths) => {
    expect(read(text).repeated).toEqual(paths);
  });

  it("has no value that a codec takes", () => {
    expect(read('{"id":1,"status":"accepted","status":"rejected"}').value).toEqual({
      id: 1,
      status: expect.any(Unreadable),
    });
  });

  it("is none where two objects have it, or a list has equal texts", () => {
    expect(read('[{"a":1},{"a":1},["a","a"],{"b":{"a":1},"a":"b","c":["a"]}]').repeated).toEqual([]);
  });
});

describe("a document", () => {
  it("is what JSON.parse reads, where nothing is rounded or repeated", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(read(text)).toEqual({ value: JSON.parse(text), repeated: [] });
      }),
    );
  });

  it("is refused where it is not JSON, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom("{", "}", "[", "]", '"', ",", ":", "\\", "e", "1", ".", "-", "0", " "),
        }),
        (text) => {
          let valid = true;
          try {
            JSON.parse(text);
          } catch {
            valid = false;
          }
          expect(E.isRight(readJson(text))).toBe(valid);
        },
      ),
    );
  });

  it.each([
    ["brackets alone", `${"[".repeat(500_000)}${"]".repeat(500_000)}`],
    ["a text of quotes", JSON.stringify('"'.repeat(500_000))],
    ["a text of backslashes", JSON.stringify("\\".repeat(500_000))],
    ["a number of zeros", `1${"0".repeat(500_000)}1${"0".repeat(500_000)}`],
    ["one name ever again", `{${Array.from({ length: 150_000 }, () => '"a":1').join()}}`],
    ["numbers to round, ever deeper", `${"[1e400,".repeat(100_000)}0${"]".repeat(100_000)}`],
  ])("of a MiB costs no more than others, were it %s", (_, text) => {
    const begun = process.cpuUsage();
    expect(E.isRight(readJson(text))).toBe(true);
    const { user } = process.cpuUsage(begun);
    // Whatever grew with the square of the length would take minutes.
    expect(user / 1_000).toBeLessThan(10_000);
  });

  it("with more to tell than is listed is refused whole", () => {
    const text = `[${Array.from({ length: 20_000 }, () => "1e400").join()}]`;
    expect(read(text).value).toBeInstanceOf(Unreadable);
  });
});

describe("the numbers of one property as texts", () => {
  it.each([
    ['{"price":41.10}', { price: "41.10" }],
    ['{"price" :\n -4.1E+2 , "priced": 1.0}', { price: "-4.1E+2", priced: 1 }],
    ['{"a":[{"price":1}],"price":[2]}', { a: [{ price: "1" }], price: [2] }],
    ['{"price":"41","x":"price"}', { price: "41", x: "price" }],
    ['{"x":"\\"price\\": 5","half\\"price":5}', { x: '"price": 5', 'half"price': 5 }],
    ['{"x":"\\\\","price":5}', { x: "\\", price: "5" }],
  ])("%s", (json, value) => {
    expect(JSON.parse(withNumbersAsTexts(json, "price"))).toEqual(value);
  });

  it("leave everything else as it is, whatever that is", () => {
    const asNumbers = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
        key === "price" && typeof inner === "number" ? JSON.stringify(inner) : inner,
      );
    const name = fc.constantFrom("price", 'a"price', "\\", '"', "price:1", "x");
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: "small" },
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        name,
        fc.array(tie("node"), { maxLength: 3 }),
        fc.dictionary(name, tie("node"), { maxKeys: 3 }),
      ),
    })).node;
    fc.assert(
      fc.property(value, (given) => {
        const read: unknown = JSON.parse(withNumbersAsTexts(JSON.stringify(given), "price"));
        expect(read).toEqual(asNumbers(given));
      }),
    );
  });
});
