import { historyOf, type HistoryStep } from "./history";
import { type Award, awardIn } from "./award";
import { TERM_NAMES } from "./order";
import type { Status } from "./status";
import type { StoredOrder } from "./stored-order";

/** An order that has ended, as the archive keeps it: all there is to say of it. */
export type ArchivedOrder = Pick<
  StoredOrder,
  "order_id" | "product" | "power" | (typeof TERM_NAMES)[number]
> &
  Award & {
    readonly status: Status;
    readonly history: ReadonlyArray<HistoryStep>;
  };

export const archived = (order: StoredOrder): ArchivedOrder => ({
  order_id: order.order_id,
  product: order.product,
  status: order.status,
  power: order.power,
  ...Object.fromEntries(
    TERM_NAMES.flatMap((name) => (order[name] === undefined ? [] : [[name, order[name]] as const])),
  ),
  ...awardIn(order),
  history: historyOf(order),
});
