import * as t from "io-ts";
import { OrderId } from "../domain/order";
import { Status } from "../domain/status";

/**
 * What became of one order. A `conflict` leaves the order stored under that id untouched; so does `unreadable`,
 * where nobody can say which order that is.
 */
export const Outcome = t.readonly(
  t.union([
    t.strict({
      order_id: OrderId,
      outcome: t.keyof({ stored: null, replayed: null, conflict: null }),
      status: Status,
    }),
    t.strict({ order_id: OrderId, outcome: t.literal("unreadable") }),
  ]),
  "Outcome",
);
export type Outcome = t.TypeOf<typeof Outcome>;

export const PlacedOrders = t.strict({ orders: t.readonlyArray(Outcome) }, "PlacedOrders");
