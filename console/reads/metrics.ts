import { GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import type { Context, Point } from "../context";
import { isPercentile, type Metric, type Statistic } from "../system/dashboard";

export type MetricsContext = Pick<Context, "aws" | "metrics">;

/** A time, in epoch milliseconds, and the periods it is read in. */
export type Window = { readonly from: number; readonly to: number; readonly periodS: number };

const MINUTE_S = 60;

/** One value for each period that has any, the oldest first. */
const read = async (
  { aws }: MetricsContext,
  { namespace, name, dimension: [Name, Value] }: Metric,
  statistic: Statistic,
  { from, to, periodS }: Window,
): Promise<ReadonlyArray<Point>> => {
  const { Datapoints = [] } = await aws.cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: namespace,
      MetricName: name,
      Dimensions: [{ Name, Value }],
      StartTime: new Date(from),
      EndTime: new Date(to),
      Period: periodS,
      ...(isPercentile(statistic) ? { ExtendedStatistics: [statistic] } : { Statistics: [statistic] }),
    }),
  );
  return Datapoints.flatMap(({ Timestamp, ExtendedStatistics, ...point }): ReadonlyArray<Point> => {
    const value = isPercentile(statistic) ? ExtendedStatistics?.[statistic] : point[statistic];
    return Timestamp === undefined || value === undefined ? [] : [{ at: Timestamp.getTime(), value }];
  }).toSorted((a, b) => a.at - b.at);
};

/** Read again when what is known is older than the pace allows; it may end before the window does. */
export const series = (
  context: MetricsContext,
  metric: Metric,
  statistic: Statistic,
  window: Window,
): Promise<ReadonlyArray<Point>> =>
  context.metrics(JSON.stringify([metric, statistic, window.to - window.from, window.periodS]), () =>
    read(context, metric, statistic, window),
  );

const lastMinutes = (minutes: number, periodS: number): Window => {
  const to = Date.now();
  return { from: to - minutes * MINUTE_S * 1_000, to, periodS };
};

/** One number for the last minutes; undefined where nothing was counted. */
export const lately = async (
  context: MetricsContext,
  metric: Metric,
  statistic: "Sum" | "Maximum" | "Average",
  minutes: number,
): Promise<number | undefined> => {
  const points = await series(context, metric, statistic, lastMinutes(minutes, minutes * MINUTE_S));
  if (points.length === 0) return undefined;
  const values = points.map(({ value }) => value);
  return statistic === "Sum" ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
};

/** A metric of a service may come some minutes late. */
const LATE_MINUTES = 5;

/** The greatest value of the newest minute that is known. */
export const newest = async (context: MetricsContext, metric: Metric): Promise<number | undefined> =>
  (await series(context, metric, "Maximum", lastMinutes(LATE_MINUTES, MINUTE_S))).at(-1)?.value;
