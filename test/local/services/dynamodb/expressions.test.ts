import conditionParser from "dynalite/db/conditionParser.js";
import updateParser, { type Parse } from "dynalite/db/updateParser.js";
import * as fc from "fast-check";
import { parsingOnce } from "../../../../local/services/dynamodb/expressions";

const name = fc.constantFrom("#a", "#a", "#b", "#none");
const value = fc.constantFrom(":x", ":x", ":y", ":none");
const path = fc.oneof(name, fc.constantFrom("c", "size", "c.d[1]"));
const condition = fc.oneof(
  fc.tuple(path, fc.constantFrom("=", "<", "<>"), value).map((words) => words.join(" ")),
  fc.tuple(path, value, value).map(([at, one, other]) => `${at} IN (${one}, ${other})`),
  fc.tuple(path, value, value).map(([at, from, to]) => `${at} BETWEEN ${from} AND ${to}`),
  fc.tuple(path, value).map(([at, type]) => `attribute_type(${at}, ${type})`),
  fc.tuple(path, value).map(([at, start]) => `NOT begins_with(${at}, ${start})`),
);
const conditions = fc.array(condition, { minLength: 1, maxLength: 2 }).map((all) => all.join(" AND "));
const update = fc.oneof(
  fc.tuple(path, value).map(([at, to]) => `SET ${at} = ${to}`),
  fc.tuple(path, path, value).map(([at, of, more]) => `SET ${at} = ${of} + ${more}`),
  fc.tuple(path, value).map(([at, more]) => `ADD ${at} ${more}`),
  path.map((at) => `REMOVE ${at}`),
);

const given = fc.record({
  attrNames: fc.option(fc.record({ "#a": fc.constantFrom("a", "b"), "#b": fc.constant("b") }), {
    nil: undefined,
  }),
  attrVals: fc.option(
    fc.dictionary(
      fc.constantFrom(":x", ":y"),
      fc.oneof(
        fc.constantFrom("S", "N", "1").map((S) => ({ S })),
        fc.nat(3).map((N) => ({ N: String(N) })),
        fc.constant({ M: { in: { S: "a map" } } }),
      ),
    ),
    { nil: undefined },
  ),
});
type Given = typeof given extends fc.Arbitrary<infer A> ? A : never;

const all = (named: object = {}): Record<string, true> =>
  Object.fromEntries(Object.keys(named).map((key) => [key, true]));

/** What a parser says, and what it leaves unused; then spoils what it gave, as dynalite may. */
const said = (parse: Parse, text: string, { attrNames, attrVals }: Given): string => {
  const unusedAttrNames = all(attrNames);
  const unusedAttrVals = all(attrVals);
  const values = structuredClone(attrVals);
  const context = {
    ...(attrNames === undefined ? {} : { attrNames }),
    ...(values === undefined ? {} : { attrVals: values }),
    unusedAttrNames,
    unusedAttrVals,
    isReserved: (word: string) => word === "size",
    compare: (_: unknown, one: { readonly N?: string }, other: { readonly N?: string }) =>
      (one.N ?? "") > (other.N ?? ""),
  };
  const tree = parse(text, { context });
  const told = JSON.stringify({ tree, unusedAttrNames, unusedAttrVals });
  if (typeof tree === "object" && tree !== null)
    for (const part of Object.values(tree)) if (Array.isArray(part)) part.splice(0);
  return told;
};

it.each([
  ["conditions", conditionParser.parse, conditions],
  ["updates", updateParser.parse, update],
])("%s parsed once are as if they had been parsed each time", (_, parse, texts) => {
  fc.assert(
    fc.property(texts, fc.array(given, { minLength: 2, maxLength: 8 }), (text, asked) => {
      const once = parsingOnce(parse);
      for (const one of asked) expect(said(once, text, one)).toBe(said(parse, text, one));
    }),
    { numRuns: 500 },
  );
});

it("parses an expression again only for other names or types", () => {
  let times = 0;
  const once = parsingOnce((text, options) => {
    times += 1;
    return updateParser.parse(text, options);
  });
  const told = ["1", "2", "3"].map((N) =>
    said(once, "SET #a = :x", { attrNames: { "#a": "a", "#b": "b" }, attrVals: { ":x": { N } } }),
  );
  expect(times).toBe(1);
  expect(told[2]).toContain('{"N":"3"}');
});
