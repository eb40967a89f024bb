import * as RA from "fp-ts/ReadonlyArray";
import type * as RNEA from "fp-ts/ReadonlyNonEmptyArray";
import * as t from "io-ts";
import { OrderId } from "./order";
import type { StoredOrder } from "./stored-order";
import { StoredPower, StoredProduct } from "./stored-values";
import { HALT, type Said } from "./trading";

const AnnouncedOrder = t.exact(
  t.intersection([
    t.type({ order_id: OrderId, product: StoredProduct, power: StoredPower }),
    t.partial({
      reason: t.string,
      /** The API request that stored it, by which its way is found in the logs. */
      request_id: t.string,
      placed_by: t.string,
    }),
  ]),
);
export type AnnouncedOrder = t.TypeOf<typeof AnnouncedOrder>;

/** Why an order has only a preliminary result, and that it has one, is worth telling of one that waits for more. */
const reasonOf = ({ reason, preliminary, decided_at }: StoredOrder): string | undefined =>
  reason ??
  (preliminary === undefined || decided_at !== undefined
    ? undefined
    : `its only result is preliminary: ${preliminary.status}`);

export const announced = (order: StoredOrder): AnnouncedOrder => {
  const { order_id, product, power, request_id, placed_by } = order;
  const reason = reasonOf(order);
  return {
    order_id,
    product,
    power,
    request_id,
    ...(placed_by === undefined ? {} : { placed_by }),
    ...(reason === undefined ? {} : { reason }),
  };
};

const MOST_ORDERS = 500;
/** A message takes 256 KiB; of this much, with a reason for each order, one in Slack has every line. */
const MOST_BYTES = 100 * 1024;

/** How many orders, from the first, one message holds. */
const fitting = (orders: ReadonlyArray<AnnouncedOrder>): number => {
  let bytes = 0;
  const beyond = orders.findIndex((order, index) => {
    bytes += Buffer.byteLength(JSON.stringify(order));
    return index > 0 && (index === MOST_ORDERS || bytes > MOST_BYTES);
  });
  return beyond < 0 ? orders.length : beyond;
};

/**
 * The orders of as many messages as it takes to announce them; no message where there are none. The same orders make
 * the same messages, which are known by their ids.
 */
export const inMessages = (
  orders: ReadonlyArray<StoredOrder>,
): ReadonlyArray<ReadonlyArray<AnnouncedOrder>> =>
  RA.chop((left: RNEA.ReadonlyNonEmptyArray<AnnouncedOrder>) => RA.splitAt(fitting(left))(left))(
    orders.map(announced),
  );

const environment = t.string;
const orders = t.readonlyArray(AnnouncedOrder);
const { at, since, reason, intake } = HALT;

/** What the platform tells people, as it stands on the topic. A message holds as many orders as fit it. */
export const Announcement = t.union(
  [
    t.strict({ kind: t.literal("orders-rejected"), environment, key: t.string, orders }),
    t.strict({ kind: t.literal("order-refused"), environment, orders }),
    /** Not sent, and never to be: their gate closed before. */
    t.strict({ kind: t.literal("orders-expired"), environment, orders }),
    /** Their gate has closed, and nobody here knows whether the auction platform has them: its results decide. */
    t.strict({ kind: t.literal("orders-in-doubt"), environment, orders }),
    /** Test orders that were rejected or not sent: nobody has to do anything about them. */
    t.strict({ kind: t.literal("test-orders-closed"), environment, orders }),
    t.strict({
      kind: t.literal("results-quarantined"),
      environment,
      key: t.string,
      count: t.number,
      reasons: t.readonlyArray(t.string),
    }),
    /** A page that is too large to be read: kept as it came, and the orders on it wait until people have seen to it. */
    t.strict({ kind: t.literal("page-refused"), environment, key: t.string, reason: t.string }),
    t.strict({ kind: t.literal("orders-overdue"), environment, orders }),
    /** Stored, and not as any release stored orders: nothing of them is known but the ids. */
    t.strict({ kind: t.literal("order-unreadable"), environment, order_ids: t.readonlyArray(OrderId) }),
    /** An operator halted trading, or changed what a halt does. */
    t.strict({ kind: t.literal("trading-halted"), environment, at, since, reason, intake }),
    t.strict({ kind: t.literal("trading-resumed"), environment, at, reason }),
    t.strict({
      kind: t.literal("pipeline-failed"),
      environment,
      execution: t.string,
      error: t.string,
      cause: t.string,
    }),
  ],
  "Announcement",
);
export type Announcement = t.TypeOf<typeof Announcement>;

/** What an operator said about sending orders, as people are told. */
export const tradingAnnounced = (environment: string, said: Said): Announcement => {
  const { at, reason } = said;
  return said.state === "halted"
    ? { kind: "trading-halted", environment, at, reason, since: said.since, intake: said.intake }
    : { kind: "trading-resumed", environment, at, reason };
};

const ofOrders = (orders: ReadonlyArray<AnnouncedOrder>): string =>
  orders.map(({ order_id }) => order_id).join(",");

/** Tells the parts of one list apart: of orders in one order, no two parts have the ends and the length alike. */
const span = (orders: ReadonlyArray<AnnouncedOrder>): string =>
  `${orders.at(0)?.order_id}-${orders.at(-1)?.order_id}-${orders.length}`;

/**
 * Names what is told, not the telling: told again after a failure it has the same id, by which a subscriber
 * knows it. None for what is told again on purpose as long as it lasts.
 */
export const announcementId = (announcement: Announcement): string | undefined => {
  const { kind } = announcement;
  switch (kind) {
    case "orders-rejected":
      return `${kind}/${announcement.key}/${span(announcement.orders)}`;
    case "results-quarantined":
    case "page-refused":
      return `${kind}/${announcement.key}`;
    case "order-refused":
    case "orders-expired":
    case "test-orders-closed":
      return `${kind}/${ofOrders(announcement.orders)}`;
    case "order-unreadable":
      return `${kind}/${announcement.order_ids.join(",")}`;
    case "pipeline-failed":
      return `${kind}/${announcement.execution}`;
    case "trading-halted":
    case "trading-resumed":
      return `${kind}/${announcement.at}`;
    case "orders-in-doubt":
    case "orders-overdue":
      return undefined;
  }
};
