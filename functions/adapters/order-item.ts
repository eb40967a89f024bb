import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import type { OrderId } from "../domain/order";
import { faultLines } from "../../lib/faults";
import { isDecided, type Status } from "../domain/status";
import { type Change, statusAfter, StoredOrder } from "../domain/stored-order";
import { permanent, type PortError } from "../ports/errors";

export type Item = Record<string, AttributeValue>;

/** Spreads each status over so many partitions of its index: one partition takes 1,000 writes a second. */
export const SHARDS = 8;

/** Ids often run in steps; a multiplicative hash spreads any step. */
export const shardOf = (id: OrderId): number =>
  (Math.imul((id % 0x1_0000_0000) | 0, 0x9e37_79b1) >>> 16) % SHARDS;

export const shardKey = (status: Status, shard: number): string => `${status}#${shard}`;

/** Text order is time order; the id makes it unique. */
const since = (at: string, id: OrderId): string => `${at}#${id}`;

/** The two sparse indexes: an order stands in one of them, among those of its status. */
export const IN_FLIGHT = { name: "in-flight", hash: "in_flight_shard", range: "in_flight_since" } as const;
export const DECIDED = { name: "decided", hash: "decided_shard", range: "decided_since" } as const;

export const indexOf = (status: Status): typeof IN_FLIGHT | typeof DECIDED =>
  isDecided(status) ? DECIDED : IN_FLIGHT;

export const key = (id: OrderId): Item => ({ order_id: { N: String(id) } });

export const newItem = (order: StoredOrder): Item => ({
  ...key(order.order_id),
  product: { S: order.product },
  power: { N: String(order.power) },
  status: { S: order.status },
  request_id: { S: order.request_id },
  received_at: { S: order.received_at },
  [IN_FLIGHT.hash]: { S: shardKey(order.status, shardOf(order.order_id)) },
  [IN_FLIGHT.range]: { S: since(order.received_at, order.order_id) },
});

const plain = (item: Item): unknown =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, value.N === undefined ? value.S : Number(value.N)]),
  );

export const fromItem = (item: Item): E.Either<PortError, StoredOrder> =>
  pipe(
    StoredOrder.decode(plain(item)),
    E.mapLeft((errors) => permanent("reading an order", `an item is not an order: ${faultLines(errors)}`)),
  );

/** The attributes a change sets, besides the order's status and its place in an index. */
const attributes = (change: Change): Item => {
  switch (change._tag) {
    case "Submitted":
      return { submitted_at: { S: change.at } };
    case "Refused":
      return {
        decided_at: { S: change.at },
        reason: { S: change.reason },
        expires_at: { N: String(change.expiresAt) },
      };
    case "Decided":
      return {
        decided_at: { S: change.at },
        archive_key: { S: change.archiveKey },
        expires_at: { N: String(change.expiresAt) },
      };
    case "Requeued":
      return {};
    case "OverdueReported":
      return { overdue_reported_at: { S: change.at } };
  }
};

/** The attributes a change leaves on an order, and those it takes away. */
export const written = (
  id: OrderId,
  change: Change,
): { readonly set: Item; readonly remove: ReadonlyArray<string> } => {
  const after = statusAfter(change);
  const place = { S: since(change.at, id) };
  // Both set anew since when the order has been waiting, so that the sweep sees it again only later.
  if ("keeps" in after) return { set: { ...attributes(change), [IN_FLIGHT.range]: place }, remove: [] };
  const index = indexOf(after.to);
  return {
    set: {
      ...attributes(change),
      status: { S: after.to },
      [index.hash]: { S: shardKey(after.to, shardOf(id)) },
      [index.range]: place,
    },
    remove: index === DECIDED ? [IN_FLIGHT.hash, IN_FLIGHT.range] : [],
  };
};
