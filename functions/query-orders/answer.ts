import * as t from "io-ts";
import { OrderId } from "../domain/order";
import { Status } from "../domain/status";
import { Instant, StoredPower, StoredProduct } from "../domain/stored-order";
import { Cursor } from "./cursor";

/** An order as the API shows it. */
export const ShownOrder = t.exact(
  t.intersection([
    t.type({
      order_id: OrderId,
      product: StoredProduct,
      power: StoredPower,
      status: Status,
      received_at: Instant,
    }),
    t.partial({ submitted_at: Instant, decided_at: Instant, reason: t.string }),
  ]),
  "ShownOrder",
);
export type ShownOrder = t.TypeOf<typeof ShownOrder>;

export const OrdersPage = t.exact(
  t.intersection([t.type({ orders: t.readonlyArray(ShownOrder) }), t.partial({ cursor: Cursor })]),
  "OrdersPage",
);

export const Health = t.strict({ status: t.literal("ok") }, "Health");
