import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { faultLines } from "../../lib/faults";

const parts = t.intersection([t.type({ a: t.type({ b: t.number }) }), t.partial({ c: t.string })]);

describe("the path of a fault", () => {
  it.each([
    ["an intersection", parts],
    ["an intersection that drops unknown properties", t.exact(parts)],
  ])("names properties only, in %s", (_, codec) => {
    const decoded = codec.decode({ a: { b: "1" } });
    expect(E.isLeft(decoded) && faultLines(decoded.left)).toBe(
      "a.b: expected number, got a string of 1 characters",
    );
  });
});
