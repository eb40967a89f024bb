import { pipe } from "fp-ts/function";
import * as IO from "fp-ts/IO";
import type * as RIO from "fp-ts/ReaderIO";
import type { Unreadable } from "../domain/stored-order";
import { embedded, UNREADABLE_ORDERS } from "../metrics";
import type { Capabilities } from "./capabilities";

const line = (
  orders: ReadonlyArray<Unreadable>,
  environment: string,
  at: Date,
): Readonly<Record<string, unknown>> => ({
  orders: orders.map(({ order_id, faults }) => ({ order_id, faults })),
  environment,
  ...embedded(at, [UNREADABLE_ORDERS.name, "Count", orders.length]),
});

type Needs = Pick<Capabilities, "log" | "clock" | "environment">;

/**
 * Logs stored orders that cannot be read. The line has the embedded metric format: CloudWatch counts it by
 * itself, in the metric that an alarm watches.
 */
export const logUnreadable =
  (orders: ReadonlyArray<Unreadable>): RIO.ReaderIO<Needs, void> =>
  ({ log, clock, environment }) =>
    orders.length === 0
      ? () => undefined
      : pipe(
          clock.now,
          IO.flatMap((at) => log.error("stored orders unreadable", line(orders, environment, at))),
        );
