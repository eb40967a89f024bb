import { GetMetricStatisticsCommand, type Statistic } from "@aws-sdk/client-cloudwatch";
import type { Context } from "../context";

export type MetricsContext = Pick<Context, "aws" | "metrics">;

export type Metric = {
  readonly namespace: string;
  readonly name: string;
  readonly dimension: readonly [name: string, value: string];
};

type Computed = Statistic & ("Sum" | "Maximum" | "Average");

const MINUTE_S = 60;

/** The values of the last minutes, the oldest first. */
const read = async (
  { aws }: MetricsContext,
  { namespace, name, dimension: [Name, Value] }: Metric,
  statistic: Computed,
  minutes: number,
  periodS: number,
): Promise<ReadonlyArray<number>> => {
  const end = Date.now();
  const { Datapoints = [] } = await aws.cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: namespace,
      MetricName: name,
      Dimensions: [{ Name, Value }],
      StartTime: new Date(end - minutes * MINUTE_S * 1_000),
      EndTime: new Date(end),
      Period: periodS,
      Statistics: [statistic],
    }),
  );
  return Datapoints.toSorted((a, b) => (a.Timestamp?.getTime() ?? 0) - (b.Timestamp?.getTime() ?? 0)).flatMap(
    (point) => point[statistic] ?? [],
  );
};

/** One number for the last minutes; undefined where nothing was counted. */
export const lately = (
  context: MetricsContext,
  metric: Metric,
  statistic: Computed,
  minutes: number,
): Promise<number | undefined> =>
  context.metrics(JSON.stringify([metric, statistic, minutes]), async () => {
    const values = await read(context, metric, statistic, minutes, minutes * MINUTE_S);
    if (values.length === 0) return undefined;
    return statistic === "Sum" ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
  });

/** A metric of a service may come some minutes late. */
const LATE_MINUTES = 5;

/** The greatest value of the newest minute that is known. */
export const newest = (context: MetricsContext, metric: Metric): Promise<number | undefined> =>
  context.metrics(JSON.stringify([metric, "newest"]), async () =>
    (await read(context, metric, "Maximum", LATE_MINUTES, MINUTE_S)).at(-1),
  );
