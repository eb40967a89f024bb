import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import { faultLines } from "../../lib/faults";
import { inUtc } from "../domain/instant";
import { type Award, awardIn } from "../domain/award";
import { EXPIRED_REASON, type OrderId, TERM_NAMES } from "../domain/order";
import { isFinal, type Status } from "../domain/status";
import { DECIDED, DELIVERED, IN_FLIGHT, LISTED, ORDERS } from "../tables";
import { type Change, type FoundOrder, statusAfter, StoredOrder } from "../domain/stored-order";

export type Item = Record<string, AttributeValue>;

/** As an item comes from the table, or from its stream: what an order has none of is not looked at. */
export type ReadValue = {
  readonly N?: string;
  readonly S?: string;
  readonly SS?: ReadonlyArray<string>;
  readonly M?: ReadItem;
};
export type ReadItem = Readonly<Record<string, ReadValue>>;

/** Spreads an index over so many partitions a status: one partition takes 1,000 writes a second. */
export const SHARDS = 8;

/** Ids often run in steps; a multiplicative hash spreads any step. */
const shardOf = (id: OrderId): number => (Math.imul((id % 0x1_0000_0000) | 0, 0x9e37_79b1) >>> 16) % SHARDS;

/** Stands for a status in the index of orders in flight: an order that has ended, and is not archived yet. */
export const UNARCHIVED = "unarchived";

export const statusShard = (status: Status | typeof UNARCHIVED, shard: number): string =>
  `${status}#${shard}`;

/** Of an index that is not kept by status. */
export const plainShard = (shard: number): string => String(shard);

/** Text order is time order; the id makes it unique. */
const placeAt = (at: string, id: OrderId): string => `${at}#${id}`;

/** Until when the sweep leaves an order in flight alone. */
export const QUIET_UNTIL = "quiet_until";

/** When the sweep queued an order last, or left it alone as one in doubt. */
export const REQUEUED_AT = "requeued_at";

/** A set: each attempt adds its own name and takes it away again, whatever the others do. */
export const ATTEMPTS = "attempts";
export const ARCHIVE_KEY = "archive_key" satisfies keyof StoredOrder;

export const ATTEMPTS_NOTED = "attempts_noted";

/** Set on an item that cannot be read, once people have been told. */
export const UNREADABLE_REPORTED_AT = "unreadable_reported_at";

export const indexOf = (status: Status): typeof IN_FLIGHT | typeof DECIDED =>
  isFinal(status) ? DECIDED : IN_FLIGHT;

export const key = (id: OrderId): Item => ({ [ORDERS.hash.name]: { N: String(id) } });

const statusKeys = (status: Status, at: string, id: OrderId): Item => {
  const index = indexOf(status);
  return {
    [index.hash]: { S: statusShard(status, shardOf(id)) },
    [index.range]: { S: placeAt(at, id) },
  };
};

/** What the order says besides, where it says it; by its delivery it is found, too. */
const terms = (order: StoredOrder): Item => ({
  ...Object.fromEntries(
    TERM_NAMES.flatMap((name) => {
      const said = order[name];
      return said === undefined ? [] : [[name, { S: said }] as const];
    }),
  ),
  ...(order.delivery_start === undefined
    ? {}
    : {
        [DELIVERED.hash]: { S: plainShard(shardOf(order.order_id)) },
        [DELIVERED.range]: { S: placeAt(inUtc(order.delivery_start), order.order_id) },
      }),
});

export const newItem = (order: StoredOrder): Item => ({
  ...key(order.order_id),
  product: { S: order.product },
  power: { N: String(order.power) },
  ...terms(order),
  status: { S: order.status },
  request_id: { S: order.request_id },
  ...(order.placed_by === undefined ? {} : { placed_by: { S: order.placed_by } }),
  received_at: { S: order.received_at },
  ...(order.attempts_noted === undefined ? {} : { [ATTEMPTS_NOTED]: { S: order.attempts_noted } }),
  [LISTED.hash]: { S: plainShard(shardOf(order.order_id)) },
  [LISTED.range]: { S: placeAt(order.received_at, order.order_id) },
  ...statusKeys(order.status, order.received_at, order.order_id),
});

/** A number that a double cannot hold stays text, which no codec takes for a number. */
const plainValue = ({ N, S, SS, M }: ReadValue): unknown => {
  if (M !== undefined) return plain(M);
  return N !== undefined && String(Number(N)) === N ? Number(N) : (N ?? S ?? SS);
};

const plain = (item: ReadItem): unknown =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));

/** One item by itself: what cannot be read keeps no other from being read. */
export const fromItem = (id: OrderId, item: ReadItem): FoundOrder =>
  pipe(
    StoredOrder.decode(plain(item)),
    E.mapLeft((errors) => ({
      order_id: id,
      faults: faultLines(errors),
      reported: item[UNREADABLE_REPORTED_AT] !== undefined,
    })),
  );

/** A power is a number, the others are texts: a price keeps its digits. */
const awarded = (award: Award): Item =>
  Object.fromEntries(
    Object.entries(awardIn(award)).map(([name, value]) => [
      name,
      typeof value === "number" ? { N: String(value) } : { S: value },
    ]),
  );

/** The attributes a change sets, besides the order's status and its places in the indexes. */
const attributes = (change: Change): Item => {
  switch (change._tag) {
    case "Submitted":
      return { submitted_at: { S: change.at }, submitted_by: { S: change.by } };
    case "Refused":
      return {
        decided_at: { S: change.at },
        decided_by: { S: change.by },
        reason: { S: change.reason },
      };
    case "Expired":
      return {
        decided_at: { S: change.at },
        decided_by: { S: change.by },
        reason: { S: EXPIRED_REASON },
      };
    case "Archived":
      return {
        [ARCHIVE_KEY]: { S: change.archiveKey },
        [ORDERS.ttlAttribute]: { N: String(change.expiresAt) },
      };
    case "Cancelled":
      return { decided_at: { S: change.at }, decided_by: { S: change.by } };
    case "Decided":
      return {
        decided_at: { S: change.at },
        [ARCHIVE_KEY]: { S: change.archiveKey },
        ...awarded(change.award ?? {}),
        [ORDERS.ttlAttribute]: { N: String(change.expiresAt) },
      };
    case "Foreseen": {
      const { status, at, ...award } = change.preliminary;
      return { preliminary: { M: { status: { S: status }, at: { S: at }, ...awarded(award) } } };
    }
    case "Requeued":
      return {
        requeues: { N: String(change.requeues) },
        [REQUEUED_AT]: { S: change.at },
        [QUIET_UNTIL]: { S: change.quietUntil },
      };
    case "OverdueReported":
      return { overdue_reported_at: { S: change.at }, [QUIET_UNTIL]: { S: change.quietUntil } };
  }
};

/** The attributes a change leaves on an order, and those it takes away. */
export const written = (
  id: OrderId,
  change: Change,
): { readonly set: Item; readonly remove: ReadonlyArray<string> } => {
  const after = statusAfter(change);
  const set = attributes(change);
  const leave = [IN_FLIGHT.hash, IN_FLIGHT.range];
  if ("keeps" in after) return { set, remove: change._tag === "Archived" ? leave : [] };
  const hasEnded = isFinal(after.to);
  // What a result page ends is archived with it; all else the sweep archives.
  const waits = hasEnded && change._tag !== "Decided";
  return {
    set: {
      ...set,
      status: { S: after.to },
      ...statusKeys(after.to, after.at, id),
      ...(waits
        ? {
            [IN_FLIGHT.hash]: { S: statusShard(UNARCHIVED, shardOf(id)) },
            [IN_FLIGHT.range]: { S: placeAt(after.at, id) },
          }
        : {}),
    },
    remove: [QUIET_UNTIL, ATTEMPTS, ...(hasEnded && !waits ? leave : [])],
  };
};
