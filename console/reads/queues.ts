import { GetQueueAttributesCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import type { Context } from "../context";

export type Depth = { readonly waiting: number; readonly inFlight: number; readonly delayed: number };

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
