/** What the declared dashboard draws, over a time that ends now. */
import { problemsIn } from "../aws/unread";
import type { Context, Point } from "../context";
import type { Chart, ChartLine, MetricsPage } from "../shapes";
import { type Span, SPANS } from "../spans";
import { dashboardOf, type Graph } from "../system/dashboard";
import { readAwarded } from "./awarded";
import { series, type Window } from "./metrics";

/** Whole periods, the last of which is the one that is on. */
export const windowOf = (span: Span, now: number, periods: number = SPANS[span].periods): Window => {
  const { periodS } = SPANS[span];
  const periodMs = periodS * 1_000;
  const to = (Math.floor(now / periodMs) + 1) * periodMs;
  return { from: to - periods * periodMs, to, periodS };
};

/** When each period begins. */
const startsIn = ({ from, to, periodS }: Window): ReadonlyArray<number> =>
  Array.from({ length: (to - from) / (periodS * 1_000) }, (_, index) => from + index * periodS * 1_000);

export const valuesIn = (
  points: ReadonlyArray<Point>,
  window: Window,
  missing: 0 | null,
): ReadonlyArray<number | null> => {
  const periodMs = window.periodS * 1_000;
  const known = new Map(points.map(({ at, value }) => [Math.floor(at / periodMs) * periodMs, value]));
  return startsIn(window).map((start) => known.get(start) ?? missing);
};

/**
 * How many minutes old the newest of some times was when each period ended.
 *
 * @param points in epoch seconds, the oldest first
 */
export const agesIn = (
  points: ReadonlyArray<Point>,
  window: Window,
  now: number,
): ReadonlyArray<number | null> =>
  startsIn(window).map((start) => {
    const end = start + window.periodS * 1_000;
    const newest = points.findLast(({ at }) => at < end);
    return newest === undefined ? null : Math.max(0, Math.min(end, now) / 1_000 - newest.value) / 60;
  });

/** As many points as CloudWatch gives at once: results may be older than what is drawn. */
const MOST_POINTS = 1_440;

type Line = Graph["lines"][number];

const readLine = async (
  context: Context,
  kind: Graph["kind"],
  { metric, statistic }: Line,
  span: Span,
  now: number,
): Promise<ReadonlyArray<number | null>> => {
  const window = windowOf(span, now);
  if (kind !== "age")
    return valuesIn(await series(context, metric, statistic, window), window, kind === "counts" ? 0 : null);
  return agesIn(await series(context, metric, statistic, windowOf(span, now, MOST_POINTS)), window, now);
};

/** @returns the chart, and how its lines were read */
const readChart = async (context: Context, { title, unit, kind, lines }: Graph, span: Span, now: number) => {
  const readings = await Promise.allSettled(lines.map((line) => readLine(context, kind, line, span, now)));
  const chart: Chart = {
    title,
    unit,
    kind: kind === "counts" ? "counts" : "values",
    lines: lines.map(({ label }, index): ChartLine => {
      const reading = readings[index];
      return { label, ...(reading?.status === "fulfilled" ? { values: reading.value } : {}) };
    }),
  };
  return { chart, readings };
};

/** @param now epoch milliseconds */
export const readCharts = async (context: Context, span: Span, now: number): Promise<MetricsPage> => {
  const { graphs = [], undrawn = [] } = dashboardOf(context.declared) ?? {};
  const from = new Date(windowOf(span, now).from).toISOString();
  const [read, [awarded]] = await Promise.all([
    Promise.all(graphs.map((graph) => readChart(context, graph, span, now))),
    Promise.allSettled([readAwarded(context, span, from)]),
  ]);
  return {
    from,
    charts: read.map(({ chart }) => chart),
    undrawn,
    ...(awarded.status === "fulfilled" ? { awarded: awarded.value } : {}),
    ...(context.dashboard === undefined ? {} : { dashboard: context.dashboard }),
    problems: problemsIn([...read.flatMap(({ readings }) => readings), awarded]),
  };
};
