import { AwsError } from "../../engine/gateway/errors";
import type { ChangeRecord } from "../dynamodbstreams/reader";
import { streamReader } from "../dynamodbstreams/reader";
import { tableOfStream } from "../dynamodb/streams/stream-arn";
import type { Consumer } from "../sqs/consumer";
import { queueNameOf } from "../sqs/reader";
import type { StartContext } from "../service";
import { StartError } from "../../start-error";
import { failedItems } from "./batch-response";
import { givenUp, sendToDestination } from "./destination";
import { followStream, type Handled, sequenceOf } from "./follow-stream";
import type { LocalFunction } from "./functions";
import { callersFor, invoke } from "./invoke";
import { LAMBDA_METRICS } from "./measured";
import type { Mapping } from "./queue-sources";
import type { StreamPositions } from "./positions";

/** Terraform's -1 is: without a limit. */
const limitOf = (value: number | undefined): number | undefined =>
  value === undefined || value < 0 ? undefined : value;

/** What AWS refuses, and what is not acted on here. */
const refuse = ({ address, config }: Mapping): void => {
  if (config.starting_position === undefined)
    throw new StartError(`${address}: starting_position: a stream needs one`);
  if ((config.parallelization_factor ?? 1) !== 1)
    throw new StartError(
      `${address}: parallelization_factor: the local platform hands on one batch at a time`,
    );
  if (config.maximum_batching_window_in_seconds !== undefined || config.scaling_config !== undefined)
    throw new StartError(
      `${address}: maximum_batching_window_in_seconds and scaling_config are for queues here`,
    );
};

const DEFAULT_BATCH = 100;

/** Feeds a function from a table's stream as declared: one batch at a time, in the order of the changes. */
export const startStreamSource = (
  mapping: Mapping,
  target: LocalFunction,
  positions: StreamPositions,
  { deployment, client, faults, activity, metrics }: StartContext,
): Consumer => {
  refuse(mapping);
  const { address, config, attribute } = mapping;
  const streamArn = config.event_source_arn;
  const streamName = `stream of ${tableOfStream(streamArn) ?? streamArn}`;
  const uuid = attribute("uuid");
  const { role, service } = callersFor(target, streamArn);
  const partial = config.function_response_types?.includes("ReportBatchItemFailures") ?? false;

  const answered = (payload: string, records: ReadonlyArray<ChangeRecord>): Handled => {
    if (!partial) return { _tag: "Done" };
    const failed = failedItems(payload, records.map(sequenceOf));
    const place = records.findIndex((record) => failed.has(sequenceOf(record)));
    return place < 0 ? { _tag: "Done" } : { _tag: "FailedAt", place };
  };

  const handle = async (records: ReadonlyArray<ChangeRecord>): Promise<Handled> => {
    const started = performance.now();
    const last = records.at(-1)?.dynamodb.ApproximateCreationDateTime ?? 0;
    metrics.put(
      {
        namespace: LAMBDA_METRICS.namespace,
        name: "IteratorAge",
        dimensions: { FunctionName: target.name },
      },
      Math.max(Date.now() - last * 1_000, 0),
    );
    const event = JSON.stringify({
      Records: records.map((record) => ({ ...record, eventSourceARN: streamArn })),
    });
    const handled = await invoke(client, service, target.arn, event).then(
      ({ payload, failed }): Handled => (failed ? { _tag: "Threw" } : answered(payload, records)),
      (error: unknown): Handled => {
        if (!(error instanceof AwsError)) throw error;
        return { _tag: error.status === 429 ? "Throttled" : "Threw" };
      },
    );
    // Delivered once more, as a stream may be at any time; the first delivery's answer counts.
    if (faults.forDelivery({ queue: streamName }).duplicate)
      await invoke(client, service, target.arn, event).catch(() => undefined);
    const done = handled._tag === "Done" ? records.length : handled._tag === "FailedAt" ? handled.place : 0;
    activity.batch(
      target.name,
      streamName,
      records.length,
      records.length - done,
      performance.now() - started,
    );
    return handled;
  };

  const giveUp = async (
    records: ReadonlyArray<ChangeRecord>,
    condition: string,
    tries: number,
  ): Promise<void> => {
    const destination = config.destination_config?.on_failure?.destination_arn;
    const to = destination === undefined ? "is lost" : `is told to ${queueNameOf(destination)}`;
    activity.complaint(target.name, `${records.length} records failed ${tries} times: it ${to}`);
    if (destination === undefined) return;
    const [first, last] = [records.at(0), records.at(-1)];
    // Where the records are, not what they say: AWS leaves that out, too.
    const body = {
      ...givenUp(target.arn, condition, tries),
      DDBStreamBatchInfo: {
        streamArn,
        batchSize: records.length,
        startSequenceNumber: first === undefined ? "" : sequenceOf(first),
        endSequenceNumber: last === undefined ? "" : sequenceOf(last),
      },
    };
    await sendToDestination(client, deployment.awsUrl, role, destination, JSON.stringify(body));
  };

  return followStream(
    streamReader(client, role, streamArn),
    {
      batchSize: config.batch_size ?? DEFAULT_BATCH,
      from: config.starting_position ?? "TRIM_HORIZON",
      bisects: config.bisect_batch_on_function_error ?? false,
      retries: limitOf(config.maximum_retry_attempts),
      maxAgeSeconds: limitOf(config.maximum_record_age_in_seconds),
    },
    {
      handle,
      giveUp,
      position: {
        get: () => positions.get(uuid),
        note: (sequence) => positions.set(uuid, sequence),
      },
      complain: (text) => activity.complaint(address, text),
    },
  );
};
