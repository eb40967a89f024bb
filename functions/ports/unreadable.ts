import type * as IO from "fp-ts/IO";
import type { Unreadable } from "../domain/stored-order";
import type { Capabilities } from "./capabilities";

/** The metric that an alarm watches. */
export const UNREADABLE_METRIC = "UnreadableOrders";
export const METRICS_NAMESPACE = "OrdersPlatform";

/**
 * Logs stored orders that cannot be read. The line has the embedded metric format: CloudWatch counts it by
 * itself, in the metric that an alarm watches.
 */
export const logUnreadable =
  (orders: ReadonlyArray<Unreadable>) =>
  ({ log, clock, environment }: Pick<Capabilities, "log" | "clock" | "environment">): IO.IO<void> =>
  () => {
    if (orders.length === 0) return;
    log.error("stored orders unreadable", {
      orders: orders.map(({ order_id, faults }) => ({ order_id, faults })),
      environment,
      [UNREADABLE_METRIC]: orders.length,
      _aws: {
        Timestamp: clock.now().getTime(),
        CloudWatchMetrics: [
          {
            Namespace: METRICS_NAMESPACE,
            Dimensions: [["environment"]],
            Metrics: [{ Name: UNREADABLE_METRIC, Unit: "Count" }],
          },
        ],
      },
    })();
  };
