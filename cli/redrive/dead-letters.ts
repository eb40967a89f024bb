import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { isLeft, isRight } from "fp-ts/Either";
import * as t from "io-ts";
import { QueueMessage } from "../../functions/domain/queue-message";
import { faultLines } from "../../lib/faults";
import { jsonOrUndefined } from "../../lib/json";

const BATCH = 10;
/** Long enough to send and delete a batch; a process that dies holds its messages no longer than this. */
const HELD_SECONDS = 60;
const LOOK_AT = 1_000;

const RedrivePolicy = t.type({ deadLetterTargetArn: t.string });

/** A message of a dead-letter queue, held so that nobody else sees it for a while. */
const deadLetter = ({ Body = "", ReceiptHandle = "", Attributes = {} }: Message) => {
  const decoded = QueueMessage.decode(jsonOrUndefined(Body));
  return {
    body: Body,
    handle: ReceiptHandle,
    ageSeconds: Math.max(0, (Date.now() - Number(Attributes.SentTimestamp ?? Date.now())) / 1_000),
    movable: isRight(decoded),
    /** Why it is there, as far as the message itself tells. */
    reason: isLeft(decoded)
      ? `not an order message (${faultLines(decoded.left)})`
      : "submission failed as often as the queue delivers",
  };
};
export type DeadLetter = ReturnType<typeof deadLetter>;

type Batch = { readonly moved: ReadonlyArray<DeadLetter>; readonly stayed: ReadonlyArray<DeadLetter> };

const queueUrl = async (sqs: SQSClient, name: string): Promise<string> =>
  (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl ?? "";

const entries = <A>(letters: ReadonlyArray<DeadLetter>, make: (letter: DeadLetter) => A) =>
  letters.map((letter, index) => ({ Id: String(index), ...make(letter) }));

/** Sends a batch to the source and deletes what was taken; releases the rest at once. */
const moveBatch = async (
  sqs: SQSClient,
  { from, to }: { readonly from: string; readonly to: string },
  letters: ReadonlyArray<DeadLetter>,
): Promise<Batch> => {
  const movable = letters.filter((letter) => letter.movable);
  const refused = new Set<DeadLetter>();
  if (movable.length > 0) {
    const { Failed = [] } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: to,
        Entries: entries(movable, ({ body }) => ({ MessageBody: body })),
      }),
    );
    for (const { Id } of Failed) {
      const letter = movable[Number(Id)];
      if (letter !== undefined) refused.add(letter);
    }
    const sent = movable.filter((letter) => !refused.has(letter));
    if (sent.length > 0)
      await sqs.send(
        new DeleteMessageBatchCommand({
          QueueUrl: from,
          Entries: entries(sent, ({ handle }) => ({ ReceiptHandle: handle })),
        }),
      );
  }
  return {
    moved: movable.filter((letter) => !refused.has(letter)),
    stayed: [
      ...letters.filter((letter) => !letter.movable),
      ...[...refused].map((letter) => ({ ...letter, reason: "the queue did not take it" })),
    ],
  };
};

/** @throws if there is no such queue, or it has no dead-letter queue */
export const deadLetterQueue = async (sqs: SQSClient, source: string) => {
  const to = await queueUrl(sqs, source);
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: to, AttributeNames: ["RedrivePolicy"] }),
  );
  const policy = RedrivePolicy.decode(jsonOrUndefined(Attributes?.RedrivePolicy ?? ""));
  if (isLeft(policy)) throw new Error(`${source}: has no dead-letter queue`);
  const name = policy.right.deadLetterTargetArn.split(":").at(-1) ?? "";
  const from = await queueUrl(sqs, name);

  const receive = async (): Promise<ReadonlyArray<DeadLetter>> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: from,
        MaxNumberOfMessages: BATCH,
        VisibilityTimeout: HELD_SECONDS,
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ["SentTimestamp", "ApproximateReceiveCount"],
      }),
    );
    return Messages.map(deadLetter);
  };

  const release = async (letters: ReadonlyArray<DeadLetter>): Promise<void> => {
    for (let start = 0; start < letters.length; start += BATCH)
      await sqs.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: from,
          Entries: entries(letters.slice(start, start + BATCH), ({ handle }) => ({
            ReceiptHandle: handle,
            VisibilityTimeout: 0,
          })),
        }),
      );
  };

  /** Includes messages in flight: they are as dead as the others. */
  const count = async (): Promise<number> => {
    const { Attributes: found = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: from,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      }),
    );
    return (
      Number(found.ApproximateNumberOfMessages ?? 0) +
      Number(found.ApproximateNumberOfMessagesNotVisible ?? 0)
    );
  };

  return {
    name,
    /** The name of the queue that messages are moved back to. */
    source,
    count,
    /** Looks at up to a thousand messages and releases them again. */
    look: async (): Promise<ReadonlyArray<DeadLetter>> => {
      const letters: DeadLetter[] = [];
      while (letters.length < LOOK_AT) {
        const batch = await receive();
        if (batch.length === 0) break;
        letters.push(...batch);
      }
      await release(letters);
      return letters;
    },
    /** Moves what was there when it began, a batch at a time. */
    move: async function* (): AsyncGenerator<Batch> {
      // What fails again while this runs comes back: it is not moved a second time, or this would never end.
      let left = await count();
      const stayed: DeadLetter[] = [];
      try {
        while (left > 0) {
          const letters = await receive();
          if (letters.length === 0) return;
          left -= letters.length;
          const batch = await moveBatch(sqs, { from, to }, letters);
          stayed.push(...batch.stayed);
          yield batch;
        }
      } finally {
        await release(stayed);
      }
    },
  };
};
