import { stringify } from "csv-stringify/sync";
import * as E from "fp-ts/Either";
import * as fc from "fast-check";
import { csv, ndjson } from "../../../cli/submit/formats";

const header = "order_id,product,power,valid_until,reference";
const row = (line: string, of = header) => E.flatMap((read: typeof ndjson) => read(line))(csv(of));

describe("CSV", () => {
  it("is read as it is written, whatever its texts hold, by any delimiter", () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        fc.string({ unit: "grapheme", minLength: 1 }).map((text) => text.replace(/[\r\n]/g, " ")),
        fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
        fc.constantFrom(",", ";", "\t"),
        (order_id, product, power, delimiter) => {
          const [first = "", line = ""] = stringify(
            [
              ["order_id", "product", "power"],
              [String(order_id), product, String(power)],
            ],
            { delimiter },
          ).split("\n");
          expect(row(line, first)).toEqual(E.right({ order_id, product, power }));
        },
      ),
    ));

  it("may have its columns in any order, and leaves out what is empty", () => {
    expect(row("2,P,,1", "power,product,reference,order_id")).toEqual(
      E.right({ power: 2, product: "P", order_id: 1 }),
    );
    expect(row("1,P,2,2026-03-29T12:00:00+02:00,007")).toEqual(
      E.right({
        order_id: 1,
        product: "P",
        power: 2,
        valid_until: "2026-03-29T12:00:00+02:00",
        reference: "007",
      }),
    );
  });

  it.each([
    ["9007199254740992,P,1,,", 'order_id: expected an integer between ±(2^53 − 1), got "9007199254740992"'],
    ["007,P,1,,", 'order_id: expected an integer such as -12, got "007"'],
    ["1,P,1.5,,", 'power: expected an integer such as -12, got "1.5"'],
    ["1,P,1e2,,", 'power: expected an integer such as -12, got "1e2"'],
    ["1,P, 1,,", 'power: expected an integer such as -12, got " 1"'],
    ["1,P,+1,,", 'power: expected an integer such as -12, got "+1"'],
    [
      "a,P,,,",
      'order_id: expected an integer such as -12, got "a"; power: expected an integer such as -12, got nothing',
    ],
    ["1,P,1", "the line has 3 cells, the header 5"],
    ['1,"P,1,,', "a quote is not closed on its line"],
    ['1,P "x",1,,', 'a quote is in the middle of a cell: write it twice, and the cell in quotes ("a ""b""")'],
  ])("refuses %s", (line, message) => {
    expect(row(line)).toEqual(E.left(message));
  });

  it.each([
    ["order_id,product,powr", 'there is no column "powr"; did you mean power?; there is no column power'],
    ["order_id,product,power,power", 'the column "power" is there twice'],
    ["order_id", "there is no column product; there is no column power"],
    ["order_id,product,power,status", 'there is no column "status"; there are order_id, product, power,'],
    [
      "order_id,product,power,zzzzzzzzz",
      'there is no column "zzzzzzzzz"; there are order_id, product, power,',
    ],
  ])("has no header %s", (first, message) => {
    expect(csv(first)).toEqual(E.left(expect.stringContaining(message)));
  });
});

describe("NDJSON", () => {
  it("is an order a line, sent as it is", () => {
    expect(ndjson('{"order_id":1,"product":"P","power":2,"more":[1]}')).toEqual(
      E.right({ order_id: 1, product: "P", power: 2, more: [1] }),
    );
  });

  it.each([
    ['{"order_id":9007199254740993}', "order_id: expected a number that is kept as it is written"],
    ['{"power":1,"power":2}', "power: expected each property once"],
    ["[1]", "the line: expected an order, got a list of 1"],
    ["null", "the line: expected an order, got null"],
    ["{", "the line is not JSON: "],
  ])("refuses %s", (line, message) => {
    expect(ndjson(line)).toEqual(E.left(expect.stringContaining(message)));
  });
});
