import { metricStore } from "../../../local/engine/metrics";

const METRIC = { namespace: "N", name: "Count", dimensions: { a: "1", b: "2" } };

describe("metrics", () => {
  let now = 1_000_000;
  const store = metricStore(() => now);

  it("are summed up over a time, whatever the order of their dimensions", () => {
    store.put(METRIC, 1);
    store.put({ ...METRIC, dimensions: { b: "2", a: "1" } }, 4);
    now += 10_000;
    store.put(METRIC, 7);
    const over = (
      statistic: "Sum" | "Maximum" | "Minimum" | "Average" | "SampleCount",
      from: number,
      to: number,
    ) => store.statistic(METRIC, statistic, from, to);
    expect(over("Sum", 1_000_000, 1_020_000)).toBe(12);
    expect(over("Maximum", 1_000_000, 1_010_000)).toBe(4);
    expect(over("Minimum", 1_000_000, 1_020_000)).toBe(1);
    expect(over("Average", 1_000_000, 1_020_000)).toBe(4);
    expect(over("SampleCount", 1_010_000, 1_020_000)).toBe(1);
    expect(over("Sum", 1_020_000, 1_030_000)).toBeUndefined();
    expect(store.statistic({ ...METRIC, dimensions: {} }, "Sum", 0, 2_000_000)).toBeUndefined();
  });

  it("have percentiles, to three digits", () => {
    const took = { ...METRIC, name: "Took" };
    for (let value = 1_000; value > 0; value -= 1) store.put(took, value);
    now += 10_000;
    for (let count = 0; count < 1_000; count += 1) store.put(took, 12_345);
    const over = (percentile: `p${number}`, to: number) => store.statistic(took, percentile, 0, to);
    const several = (["p0", "p50", "p95", "p99.9"] as const).map((one) => over(one, now));
    expect(several).toEqual([1, 500, 950, 999]);
    expect(over("p25", now + 10_000)).toBe(500);
    expect(over("p95", now + 10_000)).toBe(12_300);
    expect(store.statistic(took, "p50", now + 10_000, now + 20_000)).toBeUndefined();
  });

  it("are measured when asked", () => {
    let depth = 3;
    const gauge = { ...METRIC, name: "Depth" };
    store.measure(() => [[gauge, depth]]);
    store.sample();
    depth = 1;
    store.sample();
    expect(store.statistic(gauge, "Maximum", now - 10_000, now + 10_000)).toBe(3);
  });

  it("are kept for a week", () => {
    now += 8 * 86_400_000;
    store.put(METRIC, 1);
    expect(store.statistic(METRIC, "SampleCount", 0, now + 10_000)).toBe(1);
  });
});
