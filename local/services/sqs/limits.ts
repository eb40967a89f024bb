/** SQS's quotas: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
import * as t from "io-ts";
import type { AwsCall } from "../../engine/gateway/call";
import { AwsError } from "../../engine/gateway/errors";
import { textOf } from "../../engine/stack/block";
import { parseJson } from "../../json";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-limits.html */
export const QUEUE_NAME = textOf(1, 80);

/**
 * The largest message, attributes included, and the largest batch: 256 KiB until August 2025. fauxqs holds a single
 * message to it, and to less where its queue says so.
 */
export const MESSAGE_BYTES = 1024 * 1024;

const Batch = t.type({
  Entries: t.readonlyArray(
    t.intersection([
      t.type({ MessageBody: t.string }),
      t.partial({ MessageAttributes: t.record(t.string, t.record(t.string, t.unknown)) }),
    ]),
  ),
});

const bytesOf = ({
  MessageBody,
  MessageAttributes = {},
}: t.TypeOf<typeof Batch>["Entries"][number]): number =>
  [
    MessageBody,
    ...Object.entries(MessageAttributes).flatMap(([name, attribute]) => [name, ...Object.values(attribute)]),
  ].reduce<number>((sum, part) => sum + (typeof part === "string" ? Buffer.byteLength(part) : 0), 0);

export const refuseLargeBatch = ({ operation, body }: Pick<AwsCall, "operation" | "body">): void => {
  const batch = operation === "SendMessageBatch" ? parseJson(body.toString()) : undefined;
  if (!Batch.is(batch)) return;
  const bytes = batch.Entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
  if (bytes > MESSAGE_BYTES)
    throw new AwsError(
      "BatchRequestTooLong",
      `Batch requests cannot be longer than ${MESSAGE_BYTES} bytes. You have sent ${bytes} bytes.`,
    );
};
