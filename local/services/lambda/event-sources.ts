import * as t from "io-ts";
import type { Activity } from "../../activity";
import type { ConfigOf, Declared, DeclaredStack } from "../catalog";
import type { FaultPlan } from "../../engine/faults/plan";
import type { Client } from "../../engine/gateway/client";
import { AwsError } from "../../engine/gateway/errors";
import { type JsonObject, parseJson } from "../../json";
import type { Functions, LocalFunction } from "./functions";
import { messageOf, StartError } from "../../start-error";
import { consume, type Consumer } from "../sqs/consumer";
import { type Message, queueNameOf, queueReader, queueUrlOf } from "../sqs/reader";
import { invoke } from "./invoke";
import { resources } from "./resources";
import { resources as sqsResources } from "../sqs/resources";

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

const BatchResponse = t.partial({
  batchItemFailures: t.union([t.null, t.readonlyArray(t.type({ itemIdentifier: t.string }))]),
});

/**
 * The messages a function reports as failed, by Lambda's rules: no answer or an empty list is none; an answer
 * that is not understood, or that names a message it was not given, is all of them.
 */
const failedMessages = (payload: string, messages: ReadonlyArray<Message>): ReadonlySet<string> => {
  const all = new Set(messages.map(({ MessageId }) => MessageId));
  const answer = parseJson(payload);
  if (answer === null || answer === "") return new Set();
  if (!BatchResponse.is(answer)) return all;
  const failed = (answer.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  return failed.every((id) => all.has(id)) ? new Set(failed) : all;
};

type Mapping = Declared<ConfigOf<typeof resources.aws_lambda_event_source_mapping>>;

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

/** Feeds functions from queues as declared. Failed messages stay in their queue until its visibility timeout. */
export const startEventSources = (
  stack: DeclaredStack,
  deployment: { readonly awsUrl: string; readonly region: string },
  functions: Functions,
  client: Client,
  faults: FaultPlan,
  activity: Activity,
): ReadonlyArray<Consumer> =>
  stack(resources.aws_lambda_event_source_mapping)
    .filter(({ config }) => config.enabled !== false)
    .map((mapping) => {
      const { address, config } = mapping;
      const target = functions.find(config.function_name);
      const queueArn = config.event_source_arn;
      const queue = stack(sqsResources.aws_sqs_queue).find(({ attribute }) => attribute("arn") === queueArn);
      if (target === undefined)
        throw new StartError(`${address}: function_name: is no function of this stack`);
      if (queue === undefined)
        throw new StartError(`${address}: event_source_arn: is no queue of this stack`);
      refuseWhatAwsRefuses(
        mapping,
        target,
        queue.config.visibility_timeout_seconds ?? DEFAULT_VISIBILITY_SECONDS,
      );

      // Lambda reads the queue under the function's role, and invokes it as itself.
      const role = { kind: "role", arn: target.role } as const;
      const service = {
        kind: "service",
        principal: "lambda.amazonaws.com",
        sourceArn: queueArn,
        unquestioned: true,
      } as const;
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
                ? failedMessages(payload, messages)
                : new Set<string>(),
          (error: unknown) => {
            if (!(error instanceof AwsError)) throw error;
            return new Set(messages.map(({ MessageId }) => MessageId));
          },
        );
        // Delivered once more, as a standard queue may at any time; the first delivery's answer counts.
        if (duplicate)
          await invoke(client, service, target.arn, JSON.stringify(event)).catch(() => undefined);
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
    });
