import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { dynamoOrderTable } from "../adapters/dynamo-order-table";
import { dynamoTrading } from "../adapters/dynamo-trading";
import { environmentOf } from "../adapters/environment";
import { apiFunction } from "../edge/api-function";
import type { Invocation } from "../edge/invocation";
import { decodeOrderId } from "../http/order-id";
import { json, noSuchPath, orUnavailable } from "../http/problem";
import { QUERY_ORDERS } from "./contract";
import { checkHealth, findOrder, listOrders } from "./query-orders";
import { decodeListQuery } from "./request";

const config = environmentOf(QUERY_ORDERS);
const trading = dynamoTrading(config.CHECKPOINTS_TABLE);

const needs = (invocation: Invocation) => ({
  ...invocation,
  orders: dynamoOrderTable(config.ORDERS_TABLE, invocation.signal),
  trading: trading(invocation),
  environment: config.ENVIRONMENT,
});

const route = ({ routeKey, pathParameters, queryStringParameters }: APIGatewayProxyEventV2) => {
  switch (routeKey) {
    case "GET /orders/{order_id}":
      return pipe(RTE.fromEither(decodeOrderId(pathParameters)), RTE.flatMap(findOrder));
    case "GET /orders":
      return pipe(RTE.fromEither(decodeListQuery(queryStringParameters)), RTE.flatMap(listOrders));
    case "GET /health":
      return checkHealth;
    default:
      return RTE.left(noSuchPath);
  }
};

/** `GET /orders/{order_id}`, `GET /orders`, `GET /health` */
export const handler = apiFunction((request) =>
  pipe(
    route(request),
    RTE.map((found) => json(200, found)),
    orUnavailable("orders not read"),
    RTE.local(needs),
  ),
);
