import * as E from "fp-ts/Either";
import { filterPattern } from "../../../../local/services/logs/filter-pattern";

const LINES = [
  '{"level":"info","order":{"id":7},"event":"order stored"}',
  '{"level":"error","event":"stored orders unreadable"}',
  "plain text",
];

const found = (pattern: string): ReadonlyArray<number> => {
  const matches = filterPattern(pattern);
  if (E.isLeft(matches)) throw new Error(matches.left);
  return LINES.flatMap((line, index) => (matches.right(line) ? [index] : []));
};

describe("a filter pattern", () => {
  it.each([
    ["", [0, 1, 2]],
    ["stored", [0, 1]],
    ["stored unreadable", [1]],
    ['"order stored"', [0]],
    ['{ $.level = "error" }', [1]],
    ["{$.order.id = 7}", [0]],
    ['{ $.level != "error" }', [0]],
    ["{ $.nothing = 1 }", []],
  ])("%s finds the lines it is about", (pattern, lines) => {
    expect(found(pattern)).toEqual(lines);
  });

  it.each(["?a ?b", "-noise", "%err.*%", "{ $.a = 1 && $.b = 2 }", "[ip, id]"])(
    "%s is refused by name",
    (pattern) => {
      expect(filterPattern(pattern)).toEqual(E.left(expect.stringContaining(pattern)));
    },
  );
});
