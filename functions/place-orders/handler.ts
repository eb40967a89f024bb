import * as E from "fp-ts/Either";
import { flow, pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { dynamoAllowances } from "../adapters/dynamo-allowances";
import { dynamoOrderTable } from "../adapters/dynamo-order-table";
import { dynamoTrading } from "../adapters/dynamo-trading";
import { environmentOf } from "../adapters/environment";
import { sqsOrderQueue } from "../adapters/sqs-order-queue";
import { apiFunction } from "../edge/api-function";
import { endingEarlier, type Invocation } from "../edge/invocation";
import { callerOf } from "../http/caller";
import { KINDS } from "../http/kinds";
import { json, problem, type Problem, unavailable } from "../http/problem";
import { jsonBody } from "../http/request";
import { PLACE_ORDERS } from "./contract";
import type { Outcome } from "./answer";
import { checkGates } from "./gates";
import { checkIntake } from "./intake";
import { withinLimits } from "./limits";
import { has, placeOrders, type Unfinished } from "./place-orders";
import { decodeOrders } from "./request";

const config = environmentOf(PLACE_ORDERS);
/** Where the table hangs, intake does not wait for it. */
const READ_WITHIN_MS = 2_000;
const trading = dynamoTrading(config.CHECKPOINTS_TABLE, READ_WITHIN_MS);

const hasConflict = has("conflict");
const hasUnreadable = has("unreadable");

/** Both are 409, which no client repeats: the id is taken, and sending the order again does not help. */
const answer = (outcomes: ReadonlyArray<Outcome>): APIGatewayProxyStructuredResultV2 => {
  if (hasUnreadable(outcomes))
    return problem({
      ...KINDS.takenByUnreadable,
      detail:
        "Whether an unreadable order is the one that was sent nobody can say; it is untouched and reported to those who run the platform. What became of the others is listed.",
      orders: outcomes,
    });
  return hasConflict(outcomes)
    ? problem({
        ...KINDS.conflict,
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
        ...KINDS.unfinished,
        detail: `What became of ${placed.length} orders is listed; the others may be stored. Send the same request again: what is stored is answered as replayed, nothing counts twice.`,
        orders: placed,
      };

/** What is reserved and was not stored is given back when all else has ended. */
const GIVE_BACK_MS = 300;

const needs = flow(endingEarlier(ANSWER_MS), (last: Invocation) => {
  const invocation = endingEarlier(GIVE_BACK_MS)(last);
  return {
    ...invocation,
    orders: dynamoOrderTable(config.ORDERS_TABLE, invocation.signal),
    allowances: dynamoAllowances(config.SUMS_TABLE, invocation.signal, last.signal),
    queue: sqsOrderQueue(config.ORDERS_QUEUE_URL, invocation.signal),
    trading: trading(invocation),
    environment: config.ENVIRONMENT,
    gateMarginSeconds: config.GATE_MARGIN_SECONDS,
    limits: config.LIMITS,
  };
});

/** `POST /orders` */
export const handler = apiFunction((request) =>
  pipe(
    RTE.fromEither(pipe(jsonBody(request), E.flatMap(decodeOrders))),
    RTE.flatMap((orders) =>
      pipe(
        checkIntake,
        RTE.flatMap(() => checkGates(orders)),
        RTE.flatMap(() =>
          withinLimits(
            orders,
            placeOrders(orders, { requestId: request.requestContext.requestId, by: callerOf(request) }),
          ),
        ),
        RTE.bimap((error) => ("placed" in error ? notAll(error) : error), answer),
      ),
    ),
    RTE.local(needs),
  ),
);
