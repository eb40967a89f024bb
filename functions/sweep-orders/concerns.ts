import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { announced } from "../domain/announcement";
import type { OrderId } from "../domain/order";
import type { StoredOrder, Unreadable } from "../domain/stored-order";
import { traverseBounded } from "../fp/bounded";
import type { Capabilities } from "../ports/capabilities";
import type { PortError } from "../ports/errors";
import { logUnreadable } from "../ports/unreadable";

export type Needs = Pick<
  Capabilities,
  "orders" | "queue" | "notifier" | "clock" | "deadline" | "log" | "environment"
> & {
  /** An order `received` for longer is queued again. */
  readonly stuckAfterSeconds: number;
  /** An order `submitted` for longer without a result is reported, and again whenever so long has passed. */
  readonly overdueAfterSeconds: number;
};

export type Step<A> = (needs: Needs) => TE.TaskEither<PortError, A>;

/** What is done about orders that have had a status for too long. */
export type Concern = {
  readonly status: "received" | "submitted";
  readonly afterSeconds: (needs: Needs) => number;
  /** The longest time for which an order is left alone once it was acted on. */
  readonly quietSeconds: (needs: Needs) => number;
  /** Gives back how many orders it was done to. */
  readonly act: (due: ReadonlyArray<StoredOrder>) => Step<number>;
};

const WRITES_AT_ONCE = 16;
/** Six doublings: an order that never gets through is tried a few times a day, not every minute. */
const MOST_DOUBLINGS = 6;

const from = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1_000);

/** Queued first, marked after: a crash in between queues an order twice, which is harmless. */
const requeue: Concern["act"] =
  (stuck) =>
  ({ orders, queue, clock, log, stuckAfterSeconds }) =>
    pipe(
      queue.send(stuck.map(({ order_id, request_id }) => ({ order_id, request_id }))),
      TE.map((left) => stuck.filter(({ order_id }) => !left.includes(order_id))),
      TE.tap(
        traverseBounded(WRITES_AT_ONCE)((order: StoredOrder) => {
          const doublings = Math.min(order.requeues ?? 0, MOST_DOUBLINGS);
          const quietUntil = from(clock.now(), stuckAfterSeconds * 2 ** doublings).toISOString();
          return orders.change(order.order_id, { _tag: "Requeued", quietUntil });
        }),
      ),
      TE.tapIO((queued) =>
        log.warn("orders re-queued", {
          order_ids: queued.map(({ order_id }) => order_id),
          not_taken: stuck.length - queued.length,
        }),
      ),
      TE.map(({ length }) => length),
    );

/** Announced first, marked after: a crash in between announces twice, never not at all. */
const report: Concern["act"] =
  (overdue) =>
  ({ orders, notifier, clock, log, environment, overdueAfterSeconds }) =>
    pipe(
      notifier.announce({ kind: "orders-overdue", environment, orders: overdue.map(announced) }),
      TE.flatMap(() => {
        const now = clock.now();
        const at = now.toISOString();
        const quietUntil = from(now, overdueAfterSeconds).toISOString();
        return pipe(
          overdue,
          traverseBounded(WRITES_AT_ONCE)(({ order_id }: StoredOrder) =>
            orders.change(order_id, { _tag: "OverdueReported", at, quietUntil }),
          ),
        );
      }),
      TE.tapIO(() => log.warn("orders overdue", { order_ids: overdue.map(({ order_id }) => order_id) })),
      TE.map(() => overdue.length),
    );

/** Got stuck between the table and the auction platform. */
export const STUCK: Concern = {
  status: "received",
  afterSeconds: ({ stuckAfterSeconds }) => stuckAfterSeconds,
  quietSeconds: ({ stuckAfterSeconds }) => stuckAfterSeconds * 2 ** MOST_DOUBLINGS,
  act: requeue,
};

/** Got no result. */
export const OVERDUE: Concern = {
  status: "submitted",
  afterSeconds: ({ overdueAfterSeconds }) => overdueAfterSeconds,
  quietSeconds: ({ overdueAfterSeconds }) => overdueAfterSeconds,
  act: report,
};

/** Orders in flight that cannot be read: people are told once, the log and its alarm each time. */
export const tell =
  (unreadable: ReadonlyArray<Unreadable>): Step<void> =>
  (needs) => {
    const { orders, notifier, clock, environment } = needs;
    const ids = unreadable.filter(({ reported }) => !reported).map(({ order_id }) => order_id);
    return pipe(
      TE.fromIO(logUnreadable(unreadable)(needs)),
      TE.flatMap(() =>
        ids.length === 0
          ? TE.right(undefined)
          : notifier.announce({ kind: "order-unreadable", environment, order_ids: ids }),
      ),
      TE.tap(() =>
        pipe(
          ids,
          traverseBounded(WRITES_AT_ONCE)((id: OrderId) =>
            orders.markReported(id, clock.now().toISOString()),
          ),
        ),
      ),
    );
  };
