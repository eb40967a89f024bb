import { GetMetricStatisticsCommand, type Statistic } from "@aws-sdk/client-cloudwatch";
import type { Context } from "../context";

export type Metric = {
  readonly namespace: string;
  readonly name: string;
  readonly dimension: readonly [name: string, value: string];
};

const MINUTE_S = 60;

/** One number for the last minutes; undefined where nothing was counted. */
export const lately = async (
  { aws }: Pick<Context, "aws">,
  { namespace, name, dimension: [Name, Value] }: Metric,
  statistic: Statistic & ("Sum" | "Maximum" | "Average"),
  minutes: number,
): Promise<number | undefined> => {
  const end = Date.now();
  const { Datapoints = [] } = await aws.cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: namespace,
      MetricName: name,
      Dimensions: [{ Name, Value }],
      StartTime: new Date(end - minutes * MINUTE_S * 1_000),
      EndTime: new Date(end),
      Period: minutes * MINUTE_S,
      Statistics: [statistic],
    }),
  );
  const values = Datapoints.flatMap((point) => point[statistic] ?? []);
  if (values.length === 0) return undefined;
  return statistic === "Sum" ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
};
