/** What happens, as numbers: counted by the services as they work, or measured when alarms are evaluated. */

export type Metric = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
};

export const STATISTICS = ["Sum", "Maximum", "Minimum", "Average", "SampleCount"] as const;
export type Statistic = (typeof STATISTICS)[number];

/** `p95`: the least value that 95 % of all are not above. */
const PERCENTILE = /^p(100|\d{1,2}(?:\.\d{1,10})?)$/;
export type Percentile = `p${number}`;
export const isPercentile = (text: string): text is Percentile => PERCENTILE.test(text);

export type Reading = readonly [Metric, number];

type Bucket = {
  readonly at: number;
  sum: number;
  count: number;
  max: number;
  min: number;
  /** How many values there are of each, to three digits; of one value alone it would say nothing new. */
  spread?: Map<number, number>;
};

/** Data is kept by this resolution, and for as long as an alarm looks back at most. */
export const RESOLUTION_MS = 10_000;
const KEPT_MS = 7 * 86_400_000;

const keyOf = ({ namespace, name, dimensions }: Metric): string =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);

const summary: Readonly<Record<Statistic, (buckets: ReadonlyArray<Bucket>) => number>> = {
  Sum: (buckets) => buckets.reduce((total, { sum }) => total + sum, 0),
  SampleCount: (buckets) => buckets.reduce((total, { count }) => total + count, 0),
  Average: (buckets) => summary.Sum(buckets) / summary.SampleCount(buckets),
  Maximum: (buckets) => Math.max(...buckets.map(({ max }) => max)),
  Minimum: (buckets) => Math.min(...buckets.map(({ min }) => min)),
};

const rounded = (value: number): number => Number(value.toPrecision(3));

/** What values are kept as: CloudWatch estimates percentiles, too. */
const spreadOf = ({ spread, max, count }: Bucket): Map<number, number> =>
  spread ?? new Map([[rounded(max), count]]);

const percentileOf = (buckets: ReadonlyArray<Bucket>, percentile: Percentile): number | undefined => {
  const counts = buckets.flatMap((bucket) => [...spreadOf(bucket)]).sort(([one], [other]) => one - other);
  const wanted = (summary.SampleCount(buckets) * Number(percentile.slice(1))) / 100;
  let passed = 0;
  return counts.find(([, count]) => {
    passed += count;
    return passed >= wanted;
  })?.[0];
};

/** @param now epoch milliseconds, of a clock that does not jump */
export const metricStore = (now: () => number) => {
  const series = new Map<string, { readonly metric: Metric; readonly buckets: Bucket[] }>();
  const gauges: (() => ReadonlyArray<Reading>)[] = [];

  const put = (metric: Metric, value: number): void => {
    const at = Math.floor(now() / RESOLUTION_MS) * RESOLUTION_MS;
    const key = keyOf(metric);
    const known = series.get(key) ?? { metric, buckets: [] };
    series.set(key, known);
    const { buckets } = known;
    while ((buckets[0]?.at ?? at) < at - KEPT_MS) buckets.shift();
    const last = buckets.at(-1);
    if (last?.at !== at) {
      buckets.push({ at, sum: value, count: 1, max: value, min: value });
      return;
    }
    if (last.spread !== undefined || value !== last.max) {
      last.spread = spreadOf(last);
      last.spread.set(rounded(value), (last.spread.get(rounded(value)) ?? 0) + 1);
    }
    last.sum += value;
    last.count += 1;
    last.max = Math.max(last.max, value);
    last.min = Math.min(last.min, value);
  };

  return {
    put,
    /** Adds something that is measured each time and not counted: the depth of a queue. */
    measure: (gauge: () => ReadonlyArray<Reading>): void => void gauges.push(gauge),
    /** Measures all that is measured. */
    sample: (): void => {
      for (const gauge of gauges) for (const [metric, value] of gauge()) put(metric, value);
    },
    /** All of which there is any data. */
    all: (): ReadonlyArray<Metric> => [...series.values()].map(({ metric }) => metric),
    /** Over a time, from (included) to (excluded) in epoch milliseconds; undefined where there is no data. */
    statistic: (
      metric: Metric,
      statistic: Statistic | Percentile,
      from: number,
      to: number,
    ): number | undefined => {
      const buckets = series.get(keyOf(metric))?.buckets ?? [];
      const since = buckets.slice(buckets.findLastIndex(({ at }) => at < from) + 1);
      const within = since.filter(({ at }) => at < to);
      if (within.length === 0) return undefined;
      return isPercentile(statistic) ? percentileOf(within, statistic) : summary[statistic](within);
    },
  };
};

export type Metrics = ReturnType<typeof metricStore>;
