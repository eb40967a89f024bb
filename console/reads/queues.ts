import { GetQueueAttributesCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import type { Context } from "../context";
import type { QueueRow } from "../shapes";
import { lately } from "./metrics";

type Depth = { readonly waiting: number; readonly inFlight: number; readonly delayed: number };

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

/** The age of a queue's oldest message in the last minute, in seconds. */
export const oldestOf = (context: Pick<Context, "aws">, name: string): Promise<number | undefined> =>
  lately(
    context,
    { namespace: "AWS/SQS", name: "ApproximateAgeOfOldestMessage", dimension: ["QueueName", name] },
    "Maximum",
    1,
  );

export const listQueues = (context: Context): Promise<ReadonlyArray<QueueRow>> => {
  const { nodes, edges } = context.map;
  const nameOf = (id: string): string => nodes.find((node) => node.id === id)?.name ?? id;
  return Promise.all(
    nodes
      .filter(({ kind }) => kind === "queue")
      .map(async ({ id, name }) => {
        const [depth, oldestSeconds] = await Promise.all([depthOf(context, name), oldestOf(context, name)]);
        const of = edges.filter(({ to, kind }) => to === id && kind === "failure");
        return {
          id,
          name,
          ...depth,
          ...(oldestSeconds === undefined ? {} : { oldestSeconds }),
          ...(of.length === 0 ? {} : { failuresOf: of.map(({ from }) => nameOf(from)) }),
        };
      }),
  );
};
