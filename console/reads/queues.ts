import { GetQueueAttributesCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import type { Context } from "../context";
import { problemsIn } from "../aws/unread";
import type { Depth, QueueRow, QueuesPage } from "../shapes";
import { type MetricsContext, newest } from "./metrics";

export const depthOf = async ({ aws }: Pick<Context, "aws">, name: string): Promise<Depth> => {
  const { QueueUrl } = await aws.sqs.send(new GetQueueUrlCommand({ QueueName: name }));
  const { Attributes = {} } = await aws.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesDelayed",
      ],
    }),
  );
  return {
    waiting: Number(Attributes["ApproximateNumberOfMessages"] ?? 0),
    inFlight: Number(Attributes["ApproximateNumberOfMessagesNotVisible"] ?? 0),
    delayed: Number(Attributes["ApproximateNumberOfMessagesDelayed"] ?? 0),
  };
};

/** The queues that messages go to which could not be worked on. */
export const deadLetterQueues = ({ map }: Pick<Context, "map">): ReadonlySet<string> =>
  new Set(map.edges.filter(({ kind }) => kind === "failure").map(({ to }) => to));

/** The age of a queue's oldest message, in seconds. */
export const oldestOf = (context: MetricsContext, name: string): Promise<number | undefined> =>
  newest(context, {
    namespace: "AWS/SQS",
    name: "ApproximateAgeOfOldestMessage",
    dimension: ["QueueName", name],
  });

export const listQueues = async (context: Context): Promise<QueuesPage> => {
  const { nodes, edges } = context.map;
  const nameOf = (id: string): string => nodes.find((node) => node.id === id)?.name ?? id;
  const queues = await Promise.all(
    nodes
      .filter(({ kind }) => kind === "queue")
      .map(async ({ id, name }) => {
        const readings = await Promise.allSettled([depthOf(context, name), oldestOf(context, name)]);
        const [depth, oldest] = readings;
        const of = edges.filter(({ to, kind }) => to === id && kind === "failure");
        const row: QueueRow = {
          id,
          name,
          ...(depth.status === "rejected" ? {} : { depth: depth.value }),
          ...(oldest.status === "rejected" || oldest.value === undefined
            ? {}
            : { oldestSeconds: oldest.value }),
          ...(of.length === 0 ? {} : { failuresOf: of.map(({ from }) => nameOf(from)) }),
        };
        return { row, readings };
      }),
  );
  return {
    rows: queues.map(({ row }) => row),
    problems: problemsIn(queues.flatMap(({ readings }) => readings)),
  };
};
