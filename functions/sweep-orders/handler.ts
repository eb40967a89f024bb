import type { Context } from "aws-lambda";
import * as t from "io-ts";
import { dynamoOrderTable } from "../adapters/dynamo-order-table";
import { environmentOf, WholeNumber } from "../adapters/environment";
import { abortAt, deadlineOf, systemClock } from "../adapters/lambda";
import { logger } from "../adapters/logger";
import { snsNotifier } from "../adapters/sns-notifier";
import { sqsOrderQueue } from "../adapters/sqs-order-queue";
import { orThrow } from "../adapters/throwing";
import { type Swept, sweepOrders } from "./sweep-orders";

const config = environmentOf(
  t.strict({
    ENVIRONMENT: t.string,
    ORDERS_TABLE: t.string,
    ORDERS_QUEUE_URL: t.string,
    TOPIC_ARN: t.string,
    STUCK_AFTER_SECONDS: WholeNumber,
    OVERDUE_AFTER_SECONDS: WholeNumber,
  }),
);

/** Started by a schedule; its event says nothing. */
export const handler = (_event: unknown, context: Context): Promise<Swept> => {
  const deadline = deadlineOf(context);
  const signal = abortAt(deadline);
  const log = logger({ invocation_id: context.awsRequestId });
  return orThrow(
    log,
    "sweep failed",
  )(
    sweepOrders({
      orders: dynamoOrderTable(config.ORDERS_TABLE, signal),
      queue: sqsOrderQueue(config.ORDERS_QUEUE_URL, signal),
      notifier: snsNotifier(config.TOPIC_ARN, signal),
      clock: systemClock,
      deadline,
      log,
      environment: config.ENVIRONMENT,
      stuckAfterSeconds: config.STUCK_AFTER_SECONDS,
      overdueAfterSeconds: config.OVERDUE_AFTER_SECONDS,
    }),
  );
};
