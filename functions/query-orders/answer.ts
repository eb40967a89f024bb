import * as t from "io-ts";
import { historyOf, HistoryStep } from "../domain/history";
import { StoredOrder } from "../domain/stored-order";
import { HALT } from "../domain/trading";
import { Cursor } from "./cursor";

const [{ props: required }, { props: optional }] = StoredOrder.type.types;
const { order_id, product, power, status, received_at } = required;
const { valid_until, delivery_start, delivery_end, reference, placed_by, submitted_at, decided_at } =
  optional;
const { preliminary, awarded_power, price, currency, reason } = optional;

const shownAlways = { order_id, product, power, status, received_at };
const shownIfKnown = {
  ...{ valid_until, delivery_start, delivery_end, reference, placed_by, submitted_at, decided_at },
  ...{ preliminary, awarded_power, price, currency, reason },
};

/** An order as the API lists it. */
export const ListedOrder = t.exact(
  t.intersection([t.type(shownAlways), t.partial(shownIfKnown)]),
  "ListedOrder",
);

/** An order as the API shows it by itself: with its history. */
export const ShownOrder = t.exact(
  t.intersection([
    t.type({ ...shownAlways, history: t.readonlyArray(HistoryStep) }),
    t.partial(shownIfKnown),
  ]),
  "ShownOrder",
);

/** Of what is stored, what the API shows. */
export const listed = (order: StoredOrder): t.OutputOf<typeof ListedOrder> => ListedOrder.encode(order);

export const shown = (order: StoredOrder): t.OutputOf<typeof ShownOrder> => ({
  ...listed(order),
  history: historyOf(order),
});

export const OrdersPage = t.exact(
  t.intersection([t.type({ orders: t.readonlyArray(ListedOrder) }), t.partial({ cursor: Cursor })]),
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
