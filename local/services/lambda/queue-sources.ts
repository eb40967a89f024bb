import type { ConfigOf, Declared } from "../catalog";
import type { StartContext } from "../service";
import { AwsError } from "../../engine/gateway/errors";
import type { JsonObject } from "../../json";
import { failedItems } from "./batch-response";
import type { LocalFunction } from "./functions";
import { messageOf, StartError } from "../../start-error";
import { consume, type Consumer } from "../sqs/consumer";
import { type Message, queueNameOf, queueReader, queueUrlOf } from "../sqs/reader";
import { callersFor, invoke } from "./invoke";
import type { resources } from "./resources";

const DEFAULT_VISIBILITY_SECONDS = 30;

/** A message as a function sees it. */
const recordOf = (message: Message, queueArn: string, region: string): JsonObject => ({
  messageId: message.MessageId,
  receiptHandle: message.ReceiptHandle,
  body: message.Body,
  attributes: message.Attributes,
  messageAttributes: Object.fromEntries(
    Object.entries(message.MessageAttributes ?? {}).map(([name, attribute]) => [
      name,
      {
        dataType: attribute.DataType,
        ...(attribute.StringValue === undefined ? {} : { stringValue: attribute.StringValue }),
        ...(attribute.BinaryValue === undefined ? {} : { binaryValue: attribute.BinaryValue }),
        stringListValues: [],
        binaryListValues: [],
      },
    ]),
  ),
  md5OfBody: message.MD5OfBody,
  eventSource: "aws:sqs",
  eventSourceARN: queueArn,
  awsRegion: region,
});

export type Mapping = Declared<ConfigOf<typeof resources.aws_lambda_event_source_mapping>>;

/** What AWS refuses when a mapping is made would only be found out on deployment otherwise. */
const refuseWhatAwsRefuses = (
  { address, config }: Mapping,
  target: LocalFunction,
  visibilitySeconds: number,
): void => {
  const window = config.maximum_batching_window_in_seconds ?? 0;
  if (visibilitySeconds < target.timeoutSeconds)
    throw new StartError(
      `${address}: the queue's visibility timeout (${visibilitySeconds} s) is less than the function's timeout (${target.timeoutSeconds} s)`,
    );
  if ((config.batch_size ?? 10) > 10 && window < 1)
    throw new StartError(`${address}: batch_size: more than 10 need maximum_batching_window_in_seconds`);
  const atOnce = config.scaling_config?.maximum_concurrency;
  if (atOnce !== undefined && (atOnce < 2 || atOnce > 1_000))
    throw new StartError(`${address}: scaling_config.maximum_concurrency: expected 2 to 1000`);
};

/** Feeds a function from a queue as declared. Failed messages stay in their queue until its visibility timeout. */
export const startQueueSource = (
  mapping: Mapping,
  target: LocalFunction,
  visibilitySeconds: number = DEFAULT_VISIBILITY_SECONDS,
  { deployment, client, faults, activity }: StartContext,
): Consumer => {
  const { address, config } = mapping;
  const queueArn = config.event_source_arn;
  refuseWhatAwsRefuses(mapping, target, visibilitySeconds);

  const { role, service } = callersFor(target, queueArn);
  const reader = queueReader(client, role, queueUrlOf(deployment.awsUrl, queueArn));
  const partial = config.function_response_types?.includes("ReportBatchItemFailures") ?? false;

  const handle = async (received: ReadonlyArray<Message>): Promise<void> => {
    const started = performance.now();
    const { duplicate, reorder } = faults.forDelivery({ queue: queueNameOf(queueArn) });
    const messages = reorder ? faults.shuffled(received) : received;
    const event = { Records: messages.map((message) => recordOf(message, queueArn, deployment.region)) };
    const failed = await invoke(client, service, target.arn, JSON.stringify(event)).then(
      ({ payload, failed: threw }) =>
        threw
          ? new Set(messages.map(({ MessageId }) => MessageId))
          : partial
            ? failedItems(
                payload,
                messages.map(({ MessageId }) => MessageId),
              )
            : new Set<string>(),
      (error: unknown) => {
        if (!(error instanceof AwsError)) throw error;
        return new Set(messages.map(({ MessageId }) => MessageId));
      },
    );
    // Delivered once more, as a standard queue may at any time; the first delivery's answer counts.
    if (duplicate) await invoke(client, service, target.arn, JSON.stringify(event)).catch(() => undefined);
    const done = messages.filter(({ MessageId }) => !failed.has(MessageId));
    if (done.length > 0) await reader.remove(done);
    activity.batch(
      target.name,
      queueNameOf(queueArn),
      messages.length,
      failed.size,
      performance.now() - started,
    );
  };

  reader.attributes().catch((error: unknown) => activity.complaint(address, messageOf(error)));
  return consume(
    reader,
    {
      batchSize: config.batch_size ?? 10,
      windowSeconds: config.maximum_batching_window_in_seconds ?? 0,
      atOnce: Math.min(config.scaling_config?.maximum_concurrency ?? Infinity, target.pool.concurrency),
    },
    handle,
    (text) => activity.complaint(address, text),
  );
};
