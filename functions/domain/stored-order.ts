import * as O from "fp-ts/Option";
import * as t from "io-ts";
import { OrderId, Power, Product } from "./order";
import { mayBecome, Status, type Verdict } from "./status";

/** An instant as the platform writes it: ISO 8601, UTC, milliseconds; text order is time order. */
export const Instant = t.string;

/** An order as the table holds it. */
export const StoredOrder = t.exact(
  t.intersection([
    t.type({
      order_id: OrderId,
      product: Product,
      power: Power,
      status: Status,
      /** The API request that stored it: follows the order through logs and messages. */
      request_id: t.string,
      received_at: Instant,
    }),
    t.partial({
      submitted_at: Instant,
      decided_at: Instant,
      /** Why it was rejected. */
      reason: t.string,
      /** The archive key of the result page that decided it. */
      archive_key: t.string,
      /** How often the sweep put it back on the queue. */
      requeues: t.number,
      overdue_reported_at: Instant,
    }),
  ]),
  "StoredOrder",
);
export type StoredOrder = t.TypeOf<typeof StoredOrder>;

/** Everything that may happen to a stored order. Each names, by `applies`, the statuses it may happen in. */
export type Change =
  | { readonly _tag: "Submitted"; readonly at: string }
  | { readonly _tag: "Refused"; readonly at: string; readonly reason: string; readonly expiresAt: number }
  | {
      readonly _tag: "Decided";
      readonly at: string;
      readonly verdict: Verdict;
      readonly archiveKey: string;
      /** Epoch seconds after which the table may forget the order; the archive keeps it. */
      readonly expiresAt: number;
    }
  | { readonly _tag: "Requeued"; readonly at: string }
  | { readonly _tag: "OverdueReported"; readonly at: string };

/** The status a change leads to; none where it keeps the status it requires. */
export const statusAfter = (change: Change): { readonly to: Status } | { readonly keeps: Status } => {
  switch (change._tag) {
    case "Submitted":
      return { to: "submitted" };
    case "Refused":
      return { to: "rejected" };
    case "Decided":
      return { to: change.verdict };
    case "Requeued":
      return { keeps: "received" };
    case "OverdueReported":
      return { keeps: "submitted" };
  }
};

const fields = (order: StoredOrder, change: Change): Partial<StoredOrder> => {
  switch (change._tag) {
    case "Submitted":
      return { submitted_at: change.at };
    case "Refused":
      return { decided_at: change.at, reason: change.reason };
    case "Decided":
      return { decided_at: change.at, archive_key: change.archiveKey };
    case "Requeued":
      return { requeues: (order.requeues ?? 0) + 1 };
    case "OverdueReported":
      return { overdue_reported_at: change.at };
  }
};

/** The order after a change; none where its status does not allow the change. */
export const apply = (order: StoredOrder, change: Change): O.Option<StoredOrder> => {
  const after = statusAfter(change);
  const status = "to" in after ? after.to : after.keeps;
  const allowed = "to" in after ? mayBecome(order.status, after.to) : order.status === after.keeps;
  return allowed ? O.some({ ...order, ...fields(order, change), status }) : O.none;
};
