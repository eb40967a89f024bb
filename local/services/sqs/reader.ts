import * as t from "io-ts";
import { steadyNow } from "../../clock";
import type { Caller } from "../../engine/gateway/callers";
import type { Client } from "../../engine/gateway/client";

const Attribute = t.intersection([
  t.type({ DataType: t.string }),
  t.partial({ StringValue: t.string, BinaryValue: t.string }),
]);

export const Message = t.intersection([
  t.type({
    MessageId: t.string,
    ReceiptHandle: t.string,
    Body: t.string,
    MD5OfBody: t.string,
    Attributes: t.record(t.string, t.string),
  }),
  t.partial({ MessageAttributes: t.record(t.string, Attribute) }),
]);
export type Message = t.TypeOf<typeof Message>;

const Received = t.partial({ Messages: t.readonlyArray(Message) });

/** The account's path of a queue's ARN: `arn:aws:sqs:eu-central-1:000000000000:orders` → its URL. */
export const queueUrlOf = (awsUrl: string, queueArn: string): string =>
  `${awsUrl}/${queueArn.split(":").slice(4).join("/")}`;

export const queueNameOf = (queueArn: string): string => queueArn.split(":").at(-1) ?? queueArn;

/** A queue read and emptied in a caller's name. */
export const queueReader = (client: Client, caller: Caller, QueueUrl: string) => ({
  receive: async (most: number, waitSeconds: number): Promise<ReadonlyArray<Message>> => {
    const input = {
      QueueUrl,
      MaxNumberOfMessages: Math.min(most, 10),
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    };
    return (await client.json(caller, "sqs", "ReceiveMessage", input, Received)).Messages ?? [];
  },
  remove: async (messages: ReadonlyArray<Message>): Promise<void> => {
    for (let start = 0; start < messages.length; start += 10)
      await client.json(
        caller,
        "sqs",
        "DeleteMessageBatch",
        {
          QueueUrl,
          Entries: messages
            .slice(start, start + 10)
            .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
        },
        t.unknown,
      );
  },
  /** Asks about the queue, as Lambda does before and while it reads one. */
  attributes: async (): Promise<void> => {
    await client.json(
      caller,
      "sqs",
      "GetQueueAttributes",
      { QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] },
      t.unknown,
    );
  },
  /** Lets a message be seen again after so many seconds. */
  returnAfter: async ({ ReceiptHandle }: Message, seconds: number): Promise<void> => {
    await client.json(
      caller,
      "sqs",
      "ChangeMessageVisibility",
      { QueueUrl, ReceiptHandle, VisibilityTimeout: seconds },
      t.unknown,
    );
  },
});

export type QueueReader = ReturnType<typeof queueReader>;

export const receiveCount = ({ Attributes }: Message): number =>
  Number(Attributes["ApproximateReceiveCount"] ?? 1);

/** How long ago a message was sent, by the clock that its queue keeps. */
export const ageMs = ({ Attributes }: Pick<Message, "Attributes">): number =>
  steadyNow() - Number(Attributes["SentTimestamp"] ?? steadyNow());
