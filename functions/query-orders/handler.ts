import * as E from "fp-ts/Either";
import { flow, pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import * as t from "io-ts";
import { dynamoOrderTable } from "../adapters/dynamo-order-table";
import { environmentOf } from "../adapters/environment";
import { abortAt, deadlineOf, systemClock } from "../adapters/lambda";
import { logger } from "../adapters/logger";
import { json, problem, type Problem, unavailable } from "../http/problem";
import { signedInHeader } from "../http/signed-in-header";
import type { Capabilities, Logger } from "../ports/capabilities";
import { describe, type PortError } from "../ports/errors";
import { findOrder, listOrders } from "./query-orders";
import { decodeListQuery, decodeOrderId } from "./request";

const config = environmentOf(t.strict({ ENVIRONMENT: t.string, ORDERS_TABLE: t.string }));

type Needs = Pick<Capabilities, "orders" | "log" | "clock" | "environment">;
type Answer = (needs: Needs) => TE.TaskEither<Problem | PortError, APIGatewayProxyStructuredResultV2>;

const one =
  (event: APIGatewayProxyEventV2): Answer =>
  (needs) =>
    pipe(
      TE.fromEither<Problem | PortError, ReturnType<typeof findOrder>>(
        pipe(decodeOrderId(event.pathParameters), E.map(findOrder)),
      ),
      TE.flatMap((find) => find(needs)),
      TE.map((order) => json(200, order)),
    );

const many =
  (event: APIGatewayProxyEventV2): Answer =>
  (needs) =>
    pipe(
      TE.fromEither<Problem | PortError, ReturnType<typeof listOrders>>(
        pipe(decodeListQuery(event.queryStringParameters), E.map(listOrders)),
      ),
      TE.flatMap((list) => list(needs)),
      TE.map((page) => json(200, page)),
    );

const health: Answer = ({ orders }) =>
  pipe(
    orders.ping,
    TE.map(() => json(200, { status: "ok" })),
  );

const route = (event: APIGatewayProxyEventV2): Answer => {
  switch (event.routeKey) {
    case "GET /orders/{order_id}":
      return one(event);
    case "GET /orders":
      return many(event);
    case "GET /health":
      return health;
    default:
      return () => TE.left<Problem>({ status: 404, title: "There is no such path" });
  }
};

const problemOf =
  (log: Logger) =>
  (error: Problem | PortError): Problem => {
    if (!("_tag" in error)) return error;
    log.error("orders not read", { cause: describe(error) })();
    return unavailable;
  };

/** `GET /orders/{order_id}`, `GET /orders`, `GET /health` */
export const handler = (
  event: APIGatewayProxyEventV2,
  context: Context,
): Promise<APIGatewayProxyStructuredResultV2> => {
  const log = logger({ request_id: event.requestContext.requestId });
  return pipe(
    TE.fromEither<Problem | PortError, Answer>(pipe(signedInHeader(event), E.map(route))),
    TE.flatMap((answer) =>
      answer({
        orders: dynamoOrderTable(config.ORDERS_TABLE, abortAt(deadlineOf(context))),
        log,
        clock: systemClock,
        environment: config.ENVIRONMENT,
      }),
    ),
    TE.match(flow(problemOf(log), problem), (answer) => answer),
  )();
};
