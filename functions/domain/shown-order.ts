import * as t from "io-ts";
import { historyOf, HistoryStep } from "./history";
import { StoredOrder } from "./stored-order";

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

/** An order as the API and the topic of changes show it by itself: with its history. */
export const ShownOrder = t.exact(
  t.intersection([
    t.type({ ...shownAlways, history: t.readonlyArray(HistoryStep) }),
    t.partial(shownIfKnown),
  ]),
  "ShownOrder",
);
export type ShownOrder = t.TypeOf<typeof ShownOrder>;

/** Of what is stored, what others are shown. */
export const listed = (order: StoredOrder): t.OutputOf<typeof ListedOrder> => ListedOrder.encode(order);

export const shown = (order: StoredOrder): t.OutputOf<typeof ShownOrder> => ({
  ...listed(order),
  history: historyOf(order),
});
