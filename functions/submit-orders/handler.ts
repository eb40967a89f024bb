import { pipe } from "fp-ts/function";
import * as T from "fp-ts/Task";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import * as t from "io-ts";
import { AuctionConfig, auctionPlatform } from "../adapters/auction-platform";
import { dynamoAnnouncements } from "../adapters/dynamo-announcements";
import { dynamoOrderTable } from "../adapters/dynamo-order-table";
import { environmentOf, WholeNumber } from "../adapters/environment";
import { abortAt, deadlineOf, systemClock } from "../adapters/lambda";
import { logger } from "../adapters/logger";
import { snsNotifier } from "../adapters/sns-notifier";
import { submitOrders } from "./submit-orders";

const config = environmentOf(
  t.intersection([
    t.strict({
      ENVIRONMENT: t.string,
      ORDERS_TABLE: t.string,
      TOPIC_ARN: t.string,
      RETENTION_DAYS: WholeNumber,
      TEST_ORDERS: t.keyof({ submitted: null, closed: null }),
    }),
    AuctionConfig,
  ]),
);

const SECONDS_A_DAY = 86_400;

/** The orders queue. Gives back the messages that must come again; the others are done. */
export const handler = (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  const deadline = deadlineOf(context);
  const signal = abortAt(deadline);
  return pipe(
    submitOrders(event.Records)({
      orders: dynamoOrderTable(config.ORDERS_TABLE, signal),
      auction: auctionPlatform(config, signal),
      notifier: snsNotifier(config.TOPIC_ARN, signal),
      announcements: dynamoAnnouncements(config.ORDERS_TABLE, signal),
      clock: systemClock,
      random: Math.random,
      deadline,
      log: logger({ invocation_id: context.awsRequestId }),
      environment: config.ENVIRONMENT,
      retentionSeconds: config.RETENTION_DAYS * SECONDS_A_DAY,
      testOrders: config.TEST_ORDERS,
      invocation: context.awsRequestId,
    }),
    T.map((failed) => ({ batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) })),
  )();
};
