import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import { dynamoCheckpoints } from "../adapters/dynamo-checkpoints";
import { dynamoOrderTable } from "../adapters/dynamo-order-table";
import { environmentOf } from "../adapters/environment";
import { s3RawPages } from "../adapters/s3-raw-pages";
import { s3ResultArchive } from "../adapters/s3-result-archive";
import { snsNotifier } from "../adapters/sns-notifier";
import { SECONDS_A_DAY } from "../contract";
import { ArchiveInput } from "../domain/results-task";
import { eventFunction } from "../edge/event-function";
import type { Invocation } from "../edge/invocation";
import { ARCHIVE_RESULTS } from "./contract";
import { archiveResults } from "./archive-results";

const config = environmentOf(ARCHIVE_RESULTS);

const needs = (invocation: Invocation) => ({
  ...invocation,
  orders: dynamoOrderTable(config.ORDERS_TABLE, invocation.signal),
  rawPages: s3RawPages(config.ARCHIVE_BUCKET, invocation.signal),
  archive: s3ResultArchive(config.ARCHIVE_BUCKET, invocation.signal),
  notifier: snsNotifier(config.TOPIC_ARN, invocation.signal),
  checkpoints: dynamoCheckpoints(config.CHECKPOINTS_TABLE, invocation.signal, invocation.log),
  environment: config.ENVIRONMENT,
  leaseSeconds: config.LEASE_SECONDS,
  retentionSeconds: config.RETENTION_DAYS * SECONDS_A_DAY,
});

/** A task of the results state machine. */
export const handler = eventFunction(ArchiveInput, "page not archived", (input) =>
  pipe(archiveResults(input), RTE.local(needs)),
);
