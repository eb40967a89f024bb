/** What the running local platform counts of itself since it was started, read as an operator reads CloudWatch. */
import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  type Metric,
  paginateListMetrics,
} from "@aws-sdk/client-cloudwatch";
import { NAMESPACE, ORDERS } from "../../functions/metrics";

export const aws = (endpoint: string) => ({
  endpoint,
  region: "eu-central-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
  maxAttempts: 10,
});

const HOUR_MS = 3_600_000;

const total = async (
  client: CloudWatchClient,
  { Namespace, MetricName, Dimensions }: Metric,
): Promise<number> => {
  const { Datapoints = [] } = await client.send(
    new GetMetricStatisticsCommand({
      Namespace,
      MetricName,
      ...(Dimensions === undefined ? {} : { Dimensions }),
      StartTime: new Date(Date.now() - 24 * HOUR_MS),
      EndTime: new Date(Date.now() + HOUR_MS),
      Period: 25 * 3_600,
      Statistics: ["Sum"],
    }),
  );
  return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
};

/** The auction is no part of the platform, and who asks for figures is none either. */
const isOurs = ({ Dimensions = [] }: Metric): boolean =>
  !Dimensions.some(
    ({ Name, Value = "" }) => /auction/.test(Value) || (Name === "Service" && Value === "monitoring"),
  );

const sum = async (client: CloudWatchClient, Namespace: string, MetricName: string): Promise<number> => {
  let all = 0;
  for await (const { Metrics = [] } of paginateListMetrics({ client }, { Namespace, MetricName }))
    for (const metric of Metrics.filter(isOurs)) all += await total(client, metric);
  return all;
};

export type Counted = {
  readonly requests: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly lambdaMs: number;
};

export const counted = async (endpoint: string): Promise<Counted> => {
  const client = new CloudWatchClient(aws(endpoint));
  return {
    requests: await sum(client, "LocalPlatform", "Calls"),
    readUnits: await sum(client, "AWS/DynamoDB", "ConsumedReadCapacityUnits"),
    writeUnits: await sum(client, "AWS/DynamoDB", "ConsumedWriteCapacityUnits"),
    lambdaMs: await sum(client, "AWS/Lambda", "Duration"),
  };
};

/** How many orders have got one of these statuses. */
export const reached = async (
  endpoint: string,
  ...statuses: ReadonlyArray<keyof typeof ORDERS>
): Promise<number> => {
  const client = new CloudWatchClient(aws(endpoint));
  const counts = await Promise.all(statuses.map((status) => sum(client, NAMESPACE, ORDERS[status])));
  return counts.reduce((all, count) => all + count, 0);
};
