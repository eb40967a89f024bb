import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as t from "io-ts";
import { dynamoAnnouncements } from "../adapters/dynamo-announcements";
import { dynamoOrderTable } from "../adapters/dynamo-order-table";
import { dynamoTrading } from "../adapters/dynamo-trading";
import { environmentOf } from "../adapters/environment";
import { s3ResultArchive } from "../adapters/s3-result-archive";
import { snsNotifier } from "../adapters/sns-notifier";
import { sqsOrderQueue } from "../adapters/sqs-order-queue";
import { SECONDS_A_DAY } from "../contract";
import { eventFunction } from "../edge/event-function";
import type { Invocation } from "../edge/invocation";
import { SWEEP_ORDERS } from "./contract";
import { sweepOrders } from "./sweep-orders";

const config = environmentOf(SWEEP_ORDERS);

const needs = (invocation: Invocation) => ({
  ...invocation,
  orders: dynamoOrderTable(config.ORDERS_TABLE, invocation.signal),
  queue: sqsOrderQueue(config.ORDERS_QUEUE_URL, invocation.signal),
  archive: s3ResultArchive(config.ARCHIVE_BUCKET, invocation.signal),
  notifier: snsNotifier(config.TOPIC_ARN, invocation.signal),
  announcements: dynamoAnnouncements(config.ORDERS_TABLE, invocation.signal),
  // With a memory of its own: whoever resumes trading starts a sweep at once.
  trading: dynamoTrading(config.CHECKPOINTS_TABLE)(invocation),
  environment: config.ENVIRONMENT,
  retentionSeconds: config.RETENTION_DAYS * SECONDS_A_DAY,
  stuckAfterSeconds: config.STUCK_AFTER_SECONDS,
  overdueAfterSeconds: config.OVERDUE_AFTER_SECONDS,
});

/** Started by a schedule; its event says nothing. */
export const handler = eventFunction(t.unknown, "sweep failed", () => pipe(sweepOrders, RTE.local(needs)));
