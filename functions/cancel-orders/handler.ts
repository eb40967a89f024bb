import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import { auctionPlatform } from "../adapters/auction-platform";
import { dynamoOrderTable } from "../adapters/dynamo-order-table";
import { withdrawalEnvironment } from "../adapters/auction-environment";
import { environmentOf } from "../adapters/environment";
import { apiFunction } from "../edge/api-function";
import type { Invocation } from "../edge/invocation";
import { callerOf } from "../http/caller";
import { decodeOrderId } from "../http/order-id";
import { json, orUnavailable } from "../http/problem";
import { shown } from "../domain/shown-order";
import { cancelOrder } from "./cancel-orders";
import { CANCEL_ORDERS } from "./contract";

const config = environmentOf(CANCEL_ORDERS);
const auction = withdrawalEnvironment();

const needs = (by: string) => (invocation: Invocation) => ({
  ...invocation,
  by,
  orders: dynamoOrderTable(config.ORDERS_TABLE, invocation.signal),
  environment: config.ENVIRONMENT,
  withdrawals: auction.AUCTION_AUTH === "none" ? undefined : auctionPlatform(auction, invocation.signal),
});

/** `DELETE /orders/{order_id}` */
export const handler = apiFunction((request) =>
  pipe(
    RTE.fromEither(decodeOrderId(request.pathParameters)),
    RTE.flatMap(cancelOrder),
    RTE.map((order) => json(200, shown(order))),
    orUnavailable("order not cancelled"),
    RTE.local(needs(callerOf(request))),
  ),
);
