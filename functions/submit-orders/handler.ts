import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import type { SQSBatchResponse } from "aws-lambda";
import * as t from "io-ts";
import { auctionPlatform } from "../adapters/auction-platform";
import { dynamoAnnouncements } from "../adapters/dynamo-announcements";
import { dynamoAttempts } from "../adapters/dynamo-attempts";
import { dynamoOrderTable } from "../adapters/dynamo-order-table";
import { dynamoTrading } from "../adapters/dynamo-trading";
import { auctionEnvironment } from "../adapters/auction-environment";
import { environmentOf } from "../adapters/environment";
import { snsNotifier } from "../adapters/sns-notifier";
import { sqsDeliveries } from "../adapters/sqs-deliveries";
import { WholeNumber } from "../contract";
import { eventFunction } from "../edge/event-function";
import type { Invocation } from "../edge/invocation";
import { SUBMIT_ORDERS } from "./contract";
import { type Delivery, submitOrders } from "./submit-orders";

const config = environmentOf(SUBMIT_ORDERS);
const auction = auctionEnvironment();
const trading = dynamoTrading(config.CHECKPOINTS_TABLE);

const needs = (invocation: Invocation) => ({
  ...invocation,
  orders: dynamoOrderTable(config.ORDERS_TABLE, invocation.signal),
  deliveries: sqsDeliveries(config.ORDERS_QUEUE_URL, invocation.signal),
  auction: auctionPlatform(auction, invocation.signal, config.ORDERS_PER_CALL),
  notifier: snsNotifier(config.TOPIC_ARN, invocation.signal),
  announcements: dynamoAnnouncements(config.ORDERS_TABLE, invocation.signal),
  attempts: dynamoAttempts(config.ORDERS_TABLE, invocation.signal),
  trading: trading(invocation),
  environment: config.ENVIRONMENT,
  testOrders: config.TEST_ORDERS,
});

const QueueEvent = t.strict({
  Records: t.readonlyArray(
    t.strict({
      messageId: t.string,
      body: t.string,
      receiptHandle: t.string,
      attributes: t.strict({ ApproximateReceiveCount: WholeNumber }),
    }),
  ),
});
type Received = t.TypeOf<typeof QueueEvent>["Records"][number];

const delivery = ({ messageId, body, receiptHandle, attributes }: Received): Delivery => ({
  messageId,
  body,
  receipt: receiptHandle,
  receiveCount: attributes.ApproximateReceiveCount,
});

const batchResponse = (failed: ReadonlyArray<string>): SQSBatchResponse => ({
  batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })),
});

/** The orders queue. Gives back the messages that must come again; the others are done. */
export const handler = eventFunction(QueueEvent, "batch not submitted", ({ Records }) =>
  pipe(RTE.rightReaderTask(submitOrders(Records.map(delivery))), RTE.map(batchResponse), RTE.local(needs)),
);
