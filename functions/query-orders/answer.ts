import * as t from "io-ts";
import { StoredOrder } from "../domain/stored-order";
import { Cursor } from "./cursor";

const [{ props: required }, { props: optional }] = StoredOrder.type.types;
const { order_id, product, power, status, received_at } = required;
const { valid_until, delivery_start, delivery_end, reference, submitted_at, decided_at, reason } = optional;

/** An order as the API shows it. */
export const ShownOrder = t.exact(
  t.intersection([
    t.type({ order_id, product, power, status, received_at }),
    t.partial({ valid_until, delivery_start, delivery_end, reference, submitted_at, decided_at, reason }),
  ]),
  "ShownOrder",
);
export type ShownOrder = t.TypeOf<typeof ShownOrder>;

export const OrdersPage = t.exact(
  t.intersection([t.type({ orders: t.readonlyArray(ShownOrder) }), t.partial({ cursor: Cursor })]),
  "OrdersPage",
);

export const Health = t.strict({ status: t.literal("ok") }, "Health");
