/** SNS's quotas: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html, …/API_PublishBatch.html */
import type { AwsCall } from "../../engine/gateway/call";
import { AwsError } from "../../engine/gateway/errors";
import { textOf } from "../../engine/stack/block";
import { formBody } from "../../engine/wire/access";

/** https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
export const TOPIC_NAME = textOf(1, 256);

/** The largest message, attributes included, and the largest batch; no topic here is declared to take more. */
export const MESSAGE_BYTES = 256 * 1024;

/** The fields that count, of a message and of each of its attributes. */
const COUNTED = /(?:^|\.)(?:Message|Name|DataType|StringValue|BinaryValue)$/;

export const refuseLarge = ({ operation, body, url }: Pick<AwsCall, "operation" | "body" | "url">): void => {
  if (operation !== "Publish" && operation !== "PublishBatch") return;
  const bytes = Object.entries(formBody({ body, target: url }))
    .filter(([name]) => COUNTED.test(name))
    .reduce((sum, [, value]) => sum + Buffer.byteLength(value), 0);
  if (bytes <= MESSAGE_BYTES) return;
  throw operation === "Publish"
    ? new AwsError("InvalidParameter", "Invalid parameter: Message too long")
    : new AwsError(
        "BatchRequestTooLong",
        "The length of all the batch messages put together is more than the limit.",
      );
};
