import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import * as t from "io-ts";
import { dynamoOrderTable } from "../adapters/dynamo-order-table";
import { environmentOf } from "../adapters/environment";
import { abortAt, deadlineOf, systemClock } from "../adapters/lambda";
import { logger } from "../adapters/logger";
import { sqsOrderQueue } from "../adapters/sqs-order-queue";
import { json, problem, type Problem, unavailable } from "../http/problem";
import { jsonBody } from "../http/request";
import { signedInHeader } from "../http/signed-in-header";
import { has, type Outcome, placeOrders, type Unfinished } from "./place-orders";
import { decodeOrders } from "./request";

const config = environmentOf(
  t.strict({ ENVIRONMENT: t.string, ORDERS_TABLE: t.string, ORDERS_QUEUE_URL: t.string }),
);

const hasConflict = has("conflict");
const hasUnreadable = has("unreadable");

/** Both are 409, which no client repeats: the id is taken, and sending the order again does not help. */
const answer = (outcomes: ReadonlyArray<Outcome>): APIGatewayProxyStructuredResultV2 => {
  if (hasUnreadable(outcomes))
    return problem({
      status: 409,
      title: "An order id is taken by a stored order that cannot be read",
      detail:
        "Whether an unreadable order is the one that was sent nobody can say; it is untouched and reported to those who run the platform. What became of the others is listed.",
      orders: outcomes,
    });
  return hasConflict(outcomes)
    ? problem({
        status: 409,
        title: "An order id is taken by another order",
        detail: "The orders in conflict are untouched; what became of the others is listed.",
        orders: outcomes,
      })
    : json(201, { orders: outcomes });
};

/** Beside the time that every function keeps: on a busy machine a thousand outcomes take some of it to answer. */
const ANSWER_MS = 600;

const notAll = ({ placed }: Unfinished): Problem =>
  placed.length === 0
    ? unavailable
    : {
        ...unavailable,
        title: "Not all orders could be stored in time",
        detail: `What became of ${placed.length} orders is listed; the others may be stored. Send the same request again: what is stored is answered as replayed, nothing counts twice.`,
        orders: placed,
      };

/** `POST /orders` */
export const handler = (
  event: APIGatewayProxyEventV2,
  context: Context,
): Promise<APIGatewayProxyStructuredResultV2> => {
  const requestId = event.requestContext.requestId;
  const log = logger({ request_id: requestId });
  const deadline = deadlineOf(context) - ANSWER_MS;
  const signal = abortAt(deadline);
  return pipe(
    signedInHeader(event),
    E.flatMap(jsonBody),
    E.flatMap(decodeOrders),
    TE.fromEither,
    TE.flatMap((orders) =>
      pipe(
        placeOrders(
          orders,
          requestId,
        )({
          orders: dynamoOrderTable(config.ORDERS_TABLE, signal),
          queue: sqsOrderQueue(config.ORDERS_QUEUE_URL, signal),
          clock: systemClock,
          log,
          environment: config.ENVIRONMENT,
          deadline,
        }),
        TE.tapError(({ cause, placed }) =>
          TE.fromIO(log.error("orders not placed", { cause, placed: placed.length, of: orders.length })),
        ),
        TE.mapLeft(notAll),
      ),
    ),
    TE.match(problem, answer),
  )();
};
