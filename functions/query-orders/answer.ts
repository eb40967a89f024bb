import * as t from "io-ts";
import { StoredOrder } from "../domain/stored-order";
import { HALT } from "../domain/trading";
import { Cursor } from "./cursor";

const [{ props: required }, { props: optional }] = StoredOrder.type.types;
const { order_id, product, power, status, received_at } = required;
const { valid_until, delivery_start, delivery_end, reference, placed_by, submitted_at, decided_at } =
  optional;
const { preliminary, awarded_power, price, currency, reason } = optional;

/** An order as the API shows it. */
export const ShownOrder = t.exact(
  t.intersection([
    t.type({ order_id, product, power, status, received_at }),
    t.partial({
      ...{ valid_until, delivery_start, delivery_end, reference, placed_by, submitted_at, decided_at },
      ...{ preliminary, awarded_power, price, currency, reason },
    }),
  ]),
  "ShownOrder",
);
export type ShownOrder = t.TypeOf<typeof ShownOrder>;

/** A property that is not there yet is left out of the JSON. */
export const shown = ({
  order_id,
  product,
  power,
  valid_until,
  delivery_start,
  delivery_end,
  reference,
  status,
  received_at,
  placed_by,
  submitted_at,
  preliminary,
  decided_at,
  awarded_power,
  price,
  currency,
  reason,
}: StoredOrder): Record<keyof ShownOrder, unknown> => ({
  order_id,
  product,
  power,
  valid_until,
  delivery_start,
  delivery_end,
  reference,
  status,
  received_at,
  placed_by,
  submitted_at,
  preliminary,
  decided_at,
  awarded_power,
  price,
  currency,
  reason,
});

export const OrdersPage = t.exact(
  t.intersection([t.type({ orders: t.readonlyArray(ShownOrder) }), t.partial({ cursor: Cursor })]),
  "OrdersPage",
);

const { since, intake } = HALT;

export const Health = t.exact(
  t.intersection([
    t.type({ status: t.literal("ok") }),
    // While nothing is sent to the auction platform.
    t.partial({ halted: t.strict({ since, reason: HALT.reason, intake }) }),
  ]),
  "Health",
);
export type Health = t.TypeOf<typeof Health>;
