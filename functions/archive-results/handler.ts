import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { Context } from "aws-lambda";
import * as t from "io-ts";
import { decodeInput } from "../adapters/decode-input";
import { dynamoCheckpoints } from "../adapters/dynamo-checkpoints";
import { dynamoOrderTable } from "../adapters/dynamo-order-table";
import { environmentOf, WholeNumber } from "../adapters/environment";
import { abortAt, deadlineOf, systemClock } from "../adapters/lambda";
import { logger } from "../adapters/logger";
import { s3ResultArchive } from "../adapters/s3-result-archive";
import { snsNotifier } from "../adapters/sns-notifier";
import { orThrow } from "../adapters/throwing";
import { ArchiveInput, type ArchiveOutput } from "../domain/results-task";
import { archiveResults } from "./archive-results";

const config = environmentOf(
  t.strict({
    ENVIRONMENT: t.string,
    ORDERS_TABLE: t.string,
    CHECKPOINTS_TABLE: t.string,
    ARCHIVE_BUCKET: t.string,
    TOPIC_ARN: t.string,
    LEASE_SECONDS: WholeNumber,
    RETENTION_DAYS: WholeNumber,
  }),
);

const SECONDS_A_DAY = 86_400;

/** A task of the results state machine. */
export const handler = (event: unknown, context: Context): Promise<ArchiveOutput> => {
  const signal = abortAt(deadlineOf(context));
  const log = logger({ invocation_id: context.awsRequestId });
  return pipe(
    TE.fromEither(decodeInput(ArchiveInput)(event)),
    TE.flatMap((input) =>
      archiveResults(input)({
        orders: dynamoOrderTable(config.ORDERS_TABLE, signal),
        archive: s3ResultArchive(config.ARCHIVE_BUCKET, signal),
        notifier: snsNotifier(config.TOPIC_ARN, signal),
        checkpoints: dynamoCheckpoints(config.CHECKPOINTS_TABLE, signal, log),
        clock: systemClock,
        log,
        environment: config.ENVIRONMENT,
        leaseSeconds: config.LEASE_SECONDS,
        retentionSeconds: config.RETENTION_DAYS * SECONDS_A_DAY,
      }),
    ),
    orThrow(log, "page not archived"),
  );
};
