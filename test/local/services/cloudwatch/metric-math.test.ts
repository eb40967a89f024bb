import * as E from "fp-ts/Either";
import { metricMath } from "../../../../local/services/cloudwatch/metric-math";

const compute = (expression: string, values: Readonly<Record<string, number | undefined>>) =>
  E.map((math: (all: ReadonlyMap<string, number | undefined>) => number | undefined) =>
    math(new Map(Object.entries(values))),
  )(metricMath(expression, new Set(Object.keys(values))));

describe("metric math", () => {
  it.each([
    ["IF(asked >= 10, 100 * failed / asked, 0)", { asked: 20, failed: 5 }, 25],
    ["IF(asked >= 10, 100 * failed / asked, 0)", { asked: 9, failed: 9 }, 0],
    ["IF(asked >= 10, 100 * failed / asked, 0)", { asked: undefined, failed: 1 }, undefined],
    ["failed / asked", { failed: 1, asked: 0 }, undefined],
    ["a - b * 2 + -1", { a: 10, b: 2 }, 5],
    ["(a - b) * 2 == 16", { a: 10, b: 2 }, 1],
    ["IF(a != 1, 7)", { a: 1 }, undefined],
  ])("computes %s of %j", (expression, values, expected) => {
    expect(compute(expression, values)).toEqual(E.right(expected));
  });

  it.each([
    ["ANOMALY_DETECTION_BAND(a, 2)", /does not compute ANOMALY_DETECTION_BAND/],
    ["a ** 2", /does not compute \*\*/],
    ["a + c", /does not compute c: no query has that id/],
    ["[a, a]", /does not compute that/],
    ["'text'", /does not compute 'text'/],
    ["a +", /a \+: /],
  ])("says of %s that it is not computed", (expression, message) => {
    expect(compute(expression, { a: 1 })).toEqual(E.left(expect.stringMatching(message)));
  });
});
