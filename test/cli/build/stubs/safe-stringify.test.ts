import * as fc from "fast-check";
import { configure } from "safe-stable-stringify";
import * as stub from "../../../../cli/build/stubs/safe-stringify";

/** The bundles' stand-in for safe-stable-stringify writes what that does. */

const options = { maximumDepth: 5, maximumBreadth: 100 };
const parsed = (text: string | undefined): unknown => JSON.parse(text ?? "null");
const ours = (value: unknown): unknown => parsed(stub.configure(options)(value));
const theirs = (value: unknown): unknown => parsed(configure(options)(value));

/** Objects whose properties may be any of them: what is shared, and what leads back to itself. */
const graph = fc.array(fc.array(fc.nat(5), { maxLength: 3 }), { minLength: 1, maxLength: 6 }).map((edges) => {
  const nodes = edges.map((_, index): Record<string, unknown> => ({ index }));
  edges.forEach((to, from) =>
    to.forEach((next, place) => {
      const node = nodes[from];
      if (node !== undefined) node[`to${place}`] = nodes[next % nodes.length];
    }),
  );
  return nodes[0];
});

it("of what leads back to itself", () => {
  fc.assert(fc.property(graph, (value) => expect(ours(value)).toEqual(theirs(value))));
});

it("of what JSON can write", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => expect(ours(value)).toEqual(theirs(value))),
  );
});

it("of a number that JSON has none for, as a text", () => {
  expect(ours({ n: 10n, list: [1n] })).toEqual({ n: "10", list: ["1"] });
});
