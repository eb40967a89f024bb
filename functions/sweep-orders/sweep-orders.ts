import { pipe } from "fp-ts/function";
import type * as RTE from "fp-ts/ReaderTaskEither";
import * as TE from "fp-ts/TaskEither";
import { announced } from "../domain/announcement";
import type { StoredOrder } from "../domain/stored-order";
import { traverseBounded } from "../fp/bounded";
import type { Capabilities } from "../ports/capabilities";
import type { PortError } from "../ports/errors";

type Needs = Pick<
  Capabilities,
  "orders" | "queue" | "notifier" | "clock" | "deadline" | "log" | "environment"
> & {
  /** An order `received` for longer is queued again. */
  readonly stuckAfterSeconds: number;
  /** An order `submitted` for longer without a result is reported, and again whenever so long has passed. */
  readonly overdueAfterSeconds: number;
};

/** What one sweep did. `complete` is false where it ran out of time: the next sweep goes on. */
export type Swept = { readonly requeued: number; readonly overdue: number; readonly complete: boolean };

const PER_SHARD = 25;
const WRITES_AT_ONCE = 16;
const RESERVE_MS = 3_000;
/** Six doublings: an order that never gets through is tried a few times a day, not every minute. */
const MOST_DOUBLINGS = 6;

const ago = (now: Date, seconds: number): Date => new Date(now.getTime() - seconds * 1_000);

/**
 * When a re-queued order counts as waiting anew. Dated ahead, so that the index itself keeps it out of the
 * next sweeps, the longer the more often it was re-queued.
 */
const waitingFrom = (now: Date, { requeues = 0 }: StoredOrder, stuckAfterSeconds: number): string =>
  ago(now, -stuckAfterSeconds * (2 ** Math.min(requeues, MOST_DOUBLINGS) - 1)).toISOString();

/** One page of a sweep; how many orders it dealt with, 0 at the end. */
type Page = (needs: Needs) => TE.TaskEither<PortError, number>;

/** Queued first, dated after: a crash in between queues an order twice, which is harmless. */
const requeuePage: Page = ({ orders, queue, clock, log, stuckAfterSeconds }) => {
  const now = clock.now();
  return pipe(
    orders.waiting({ status: "received", before: ago(now, stuckAfterSeconds), limit: PER_SHARD }),
    TE.flatMap((stuck) =>
      pipe(
        queue.send(stuck.map(({ order_id, request_id }) => ({ order_id, request_id }))),
        TE.map((left) => stuck.filter(({ order_id }) => !left.includes(order_id))),
      ),
    ),
    TE.tap(
      traverseBounded(WRITES_AT_ONCE)((order: StoredOrder) =>
        orders.change(order.order_id, { _tag: "Requeued", at: waitingFrom(now, order, stuckAfterSeconds) }),
      ),
    ),
    TE.tapIO((queued) =>
      queued.length === 0
        ? () => undefined
        : log.warn("orders re-queued", { order_ids: queued.map(({ order_id }) => order_id) }),
    ),
    TE.map(({ length }) => length),
  );
};

/** Announced first, marked after: a crash in between announces twice, never not at all. */
const reportPage: Page = ({ orders, notifier, clock, log, environment, overdueAfterSeconds }) => {
  const now = clock.now();
  return pipe(
    orders.waiting({ status: "submitted", before: ago(now, overdueAfterSeconds), limit: PER_SHARD }),
    TE.tap((overdue) =>
      overdue.length === 0
        ? TE.right(undefined)
        : notifier.announce({
            kind: "orders-overdue",
            environment,
            orders: overdue.map(announced),
          }),
    ),
    TE.tap(
      traverseBounded(WRITES_AT_ONCE)(({ order_id }: StoredOrder) =>
        orders.change(order_id, { _tag: "OverdueReported", at: now.toISOString() }),
      ),
    ),
    TE.tapIO((overdue) =>
      overdue.length === 0
        ? () => undefined
        : log.warn("orders overdue", { order_ids: overdue.map(({ order_id }) => order_id) }),
    ),
    TE.map(({ length }) => length),
  );
};

type Progress = { readonly count: number; readonly complete: boolean };

/** Page after page until none is left or the time is nearly up. */
const toTheEnd =
  (page: Page, count = 0): RTE.ReaderTaskEither<Needs, PortError, Progress> =>
  (needs) =>
    needs.clock.now().getTime() + RESERVE_MS > needs.deadline
      ? TE.right({ count, complete: false })
      : pipe(
          page(needs),
          TE.flatMap((done) =>
            done === 0 ? TE.right({ count, complete: true }) : toTheEnd(page, count + done)(needs),
          ),
        );

/** Queues again what got stuck between the table and the auction platform, and reports what got no result. */
export const sweepOrders: RTE.ReaderTaskEither<Needs, PortError, Swept> = (needs) =>
  pipe(
    TE.Do,
    TE.bind("requeued", () => toTheEnd(requeuePage)(needs)),
    TE.bind("overdue", () => toTheEnd(reportPage)(needs)),
    TE.map(({ requeued, overdue }) => ({
      requeued: requeued.count,
      overdue: overdue.count,
      complete: requeued.complete && overdue.complete,
    })),
  );
