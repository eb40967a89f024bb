import { FIGURES, type Growth, growthTable, outgrown } from "../../../cli/bench/growth";

const row = (orders: number, ratios: Growth["ratios"]): Growth => ({
  phase: "intake",
  orders,
  perOrder: { ms: 1.25, requests: 0.11, readUnits: 0, writeUnits: 3, lambdaMs: 0.4 },
  ratios,
});

it("shows each figure of an order, and what it is of that of the fewest orders", () => {
  expect(growthTable([row(1_000, { ms: 0.8, requests: 1, writeUnits: 1.02 })])).toEqual([
    "| phase  | orders | ms         | requests    | read units | write units | Lambda ms |",
    "| ------ | ------ | ---------- | ----------- | ---------- | ----------- | --------- |",
    "| intake | 1,000  | 1.3 (0.80) | 0.11 (1.00) | 0.00       | 3.00 (1.02) | 0.4       |",
  ]);
});

it.each(FIGURES)("judges %s as it must: what a busy machine changes not at all", (figure) => {
  const wrong = outgrown([
    row(100, { [figure]: 1 }),
    row(1_000, { [figure]: 1.4 }),
    row(10_000, { [figure]: 9 }),
  ]);
  expect(wrong).toEqual(
    figure === "ms" || figure === "lambdaMs"
      ? []
      : [`intake: ${figure} of an order are 9 times as many with 10000 orders, expected at most 1.5`],
  );
});
