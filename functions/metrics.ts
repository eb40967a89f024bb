/**
 * What the functions count, in their log lines (embedded metric format): CloudWatch reads the numbers from there.
 * Counted by environment, not by product: products are free text, with days of delivery in it, and CloudWatch
 * charges for each name it ever sees. The saved queries sum by product, from the same lines.
 */
import type { Status } from "./domain/status";
import type { StoredOrder } from "./domain/stored-order";

export const NAMESPACE = "OrdersPlatform";

export const UNREADABLE_ORDERS = { namespace: NAMESPACE, name: "UnreadableOrders" } as const;

/** Orders that got a status, each counted by the one write that gave it: a replay or a retry writes nothing. */
export const ORDERS = {
  received: "OrdersStored",
  submitted: "OrdersSubmitted",
  accepted: "OrdersAccepted",
  rejected: "OrdersRejected",
  expired: "OrdersExpired",
  cancelled: "OrdersCancelled",
} as const satisfies Readonly<Record<Status, string>>;

/** From when the order was received; how long it took to expire or to be cancelled says nothing of the platform. */
export const DURATIONS = {
  submitted: "TimeToSubmitted",
  accepted: "TimeToDecided",
  rejected: "TimeToDecided",
} as const satisfies Readonly<Record<Exclude<Status, "received" | "expired" | "cancelled">, string>>;

/** When the newest page of results was archived, in epoch seconds: what is shown is how long ago that is. */
export const NEWEST_RESULTS = "NewestResults";

type Measured = readonly [name: string, unit: "Count" | "Milliseconds" | "Seconds", value: number];

/** Fields of a log line. The dimension is a field of every line. */
export const embedded = (
  at: Date,
  ...measured: ReadonlyArray<Measured>
): Readonly<Record<string, unknown>> => ({
  ...Object.fromEntries(measured.map(([name, , value]) => [name, value])),
  _aws: {
    Timestamp: at.getTime(),
    CloudWatchMetrics: [
      {
        Namespace: NAMESPACE,
        Dimensions: [["environment"]],
        Metrics: measured.map(([Name, Unit]) => ({ Name, Unit })),
      },
    ],
  },
});

/** That an order got a status, and how long it took. */
export const reached = (
  status: keyof typeof DURATIONS,
  { received_at }: Pick<StoredOrder, "received_at">,
  at: Date,
): Readonly<Record<string, unknown>> =>
  embedded(
    at,
    [ORDERS[status], "Count", 1],
    [DURATIONS[status], "Milliseconds", Math.max(at.getTime() - Date.parse(received_at), 0)],
  );
