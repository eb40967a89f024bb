import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as RA from "fp-ts/ReadonlyArray";
import { type Announcement, inMessages } from "../domain/announcement";
import { isGateClosed, type OrderId } from "../domain/order";
import type { Change, StoredOrder, Unreadable } from "../domain/stored-order";
import { traverseSteps } from "../fp/bounded";
import type { Capabilities } from "../ports/capabilities";
import { now } from "../ports/clock";
import type { PortError } from "../ports/errors";
import { type EndingNeeds, expire } from "../ports/expiry";
import * as log from "../ports/log";
import { logUnreadable } from "../ports/unreadable";
import { isSending } from "./trading";

export type Needs = EndingNeeds &
  Pick<Capabilities, "queue" | "archive" | "trading"> & {
    /** Seconds the table keeps an order that has ended. */
    readonly retentionSeconds: number;
    /** An order `received` for longer is queued again. */
    readonly stuckAfterSeconds: number;
    /** An order `submitted` for longer without a result is reported, and again whenever so long has passed. */
    readonly overdueAfterSeconds: number;
  };

export type Step<A> = RTE.ReaderTaskEither<Needs, PortError, A>;

/** What is done about orders that have had a status for too long. */
export type Concern = {
  readonly status: "received" | "submitted" | "unarchived";
  /** Whether an order behind a row is one that the concern is about. */
  readonly isDue: (order: StoredOrder) => boolean;
  /** Orders read and dealt with at a time. */
  readonly lot: number;
  readonly afterSeconds: (needs: Needs) => number;
  /** The longest time for which an order is left alone once it was acted on. */
  readonly quietSeconds: (needs: Needs) => number;
  /** Gives back how many orders it was done to. */
  readonly act: (due: ReadonlyArray<StoredOrder>) => Step<number>;
};

const WRITES_AT_ONCE = 50;
const LOT = 100;
/** Six doublings: an order that never gets through is tried a few times a day, not every minute. */
const MOST_DOUBLINGS = 6;

const from = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1_000);

/** Gives back the ids of those the queue did not take. */
const send =
  (stuck: ReadonlyArray<StoredOrder>): Step<ReadonlyArray<OrderId>> =>
  ({ queue }) =>
    queue.send(stuck.map(({ order_id, request_id }) => ({ order_id, request_id })));

const change =
  (id: OrderId, to: (needs: Needs) => Change): Step<boolean> =>
  (needs) =>
    needs.orders.change(id, to(needs));

/**
 * @param at before it was queued, or reported: what is queued during a halt is known by that
 * @param seconds for which the sweep leaves the order alone
 */
const quieten =
  (at: Date, seconds: (order: StoredOrder, needs: Needs) => number) =>
  (order: StoredOrder): Step<boolean> =>
    change(order.order_id, (needs) => ({
      _tag: "Requeued",
      at: at.toISOString(),
      requeues: (order.requeues ?? 0) + 1,
      quietUntil: from(at, seconds(order, needs)).toISOString(),
    }));

const longerEachTime = ({ requeues = 0 }: StoredOrder, { stuckAfterSeconds }: Needs): number =>
  stuckAfterSeconds * 2 ** Math.min(requeues, MOST_DOUBLINGS);

/** Queued first, marked after: a crash in between queues an order twice, which is harmless. */
const requeue: Concern["act"] = (stuck) =>
  pipe(
    now,
    RTE.bindTo("at"),
    RTE.bindW("left", () => send(stuck)),
    RTE.let("queued", ({ left }) => stuck.filter(({ order_id }) => !left.includes(order_id))),
    RTE.tap(({ at, queued }) => pipe(queued, traverseSteps(WRITES_AT_ONCE)(quieten(at, longerEachTime)))),
    RTE.map(({ queued }) => queued),
    RTE.tapReaderIO((queued) =>
      log.warn("orders re-queued", {
        order_ids: queued.map(({ order_id }) => order_id),
        not_taken: stuck.length - queued.length,
      }),
    ),
    RTE.map(({ length }) => length),
  );

/** @param announcement of an environment, which the function knows */
const announce =
  (announcement: (environment: string) => Announcement): Step<void> =>
  ({ notifier, environment }) =>
    notifier.announce(announcement(environment));

const announceAll = (
  kind: "orders-overdue" | "orders-in-doubt",
  all: ReadonlyArray<StoredOrder>,
): Step<unknown> =>
  pipe(
    inMessages(all),
    traverseSteps(1)((orders) => announce((environment) => ({ kind, environment, orders }))),
  );

/** Announced first, marked after: a crash in between announces twice, never not at all. */
const report: Concern["act"] = (overdue) =>
  pipe(
    announceAll("orders-overdue", overdue),
    RTE.flatMap(() => now),
    RTE.flatMap((at) =>
      pipe(
        overdue,
        traverseSteps(WRITES_AT_ONCE)(({ order_id }: StoredOrder) =>
          change(order_id, ({ overdueAfterSeconds }) => ({
            _tag: "OverdueReported",
            at: at.toISOString(),
            quietUntil: from(at, overdueAfterSeconds).toISOString(),
          })),
        ),
      ),
    ),
    RTE.tapReaderIO(() => log.warn("orders overdue", { order_ids: overdue.map(({ order_id }) => order_id) })),
    RTE.map(() => overdue.length),
  );

/** Not sent again, and not ended either: the auction platform may have them. */
const reportDoubt: Concern["act"] = (doubtful) =>
  pipe(
    announceAll("orders-in-doubt", doubtful),
    RTE.flatMap(() => now),
    RTE.flatMap((at) =>
      pipe(
        doubtful,
        traverseSteps(WRITES_AT_ONCE)(quieten(at, (_, { overdueAfterSeconds }) => overdueAfterSeconds)),
      ),
    ),
    RTE.tapReaderIO(() =>
      log.warn("orders in doubt", { order_ids: doubtful.map(({ order_id }) => order_id) }),
    ),
    RTE.map(({ length }) => length),
  );

const ifAny =
  <A>(act: (some: ReadonlyArray<StoredOrder>) => Step<A>) =>
  (some: ReadonlyArray<StoredOrder>): Step<unknown> =>
    some.length === 0 ? RTE.right(undefined) : act(some);

const whileSending = (step: Step<number>): Step<number> =>
  pipe(
    isSending,
    RTE.flatMap((is) => (is ? step : RTE.right(0))),
  );

/** Queueing comes first: it must not wait for people to be told of others. Gives back how many are queued again. */
const requeueOrEnd: Concern["act"] = (stuck) =>
  pipe(
    now,
    RTE.flatMap((at) => {
      const { left: open, right: closed } = RA.partition((order: StoredOrder) =>
        isGateClosed(order, at.getTime()),
      )(stuck);
      const { left: unsent, right: doubtful } = RA.partition(
        ({ attempts }: StoredOrder) => attempts !== undefined,
      )(closed);
      return pipe(
        open.length === 0 ? RTE.right(0) : whileSending(requeue(open)),
        RTE.tap(() => ifAny(expire)(unsent)),
        RTE.tap(() => ifAny(reportDoubt)(doubtful)),
      );
    }),
  );

/** Got stuck between the table and the auction platform. */
export const STUCK: Concern = {
  status: "received",
  isDue: ({ status }) => status === "received",
  lot: LOT,
  afterSeconds: ({ stuckAfterSeconds }) => stuckAfterSeconds,
  quietSeconds: ({ stuckAfterSeconds, overdueAfterSeconds }) =>
    Math.max(stuckAfterSeconds * 2 ** MOST_DOUBLINGS, overdueAfterSeconds),
  act: requeueOrEnd,
};

/** Got no result. */
export const OVERDUE: Concern = {
  status: "submitted",
  isDue: ({ status }) => status === "submitted",
  lot: LOT,
  afterSeconds: ({ overdueAfterSeconds }) => overdueAfterSeconds,
  quietSeconds: ({ overdueAfterSeconds }) => overdueAfterSeconds,
  act: report,
};

const markReported =
  (at: Date) =>
  (id: OrderId): Step<void> =>
  ({ orders }) =>
    orders.markReported(id, at.toISOString());

/** Orders in flight that cannot be read: people are told once, the log and its alarm each time. */
export const tell = (unreadable: ReadonlyArray<Unreadable>): Step<unknown> => {
  const order_ids = unreadable.filter(({ reported }) => !reported).map(({ order_id }) => order_id);
  const logged: Step<unknown> = RTE.rightReaderIO(logUnreadable(unreadable));
  if (order_ids.length === 0) return logged;
  return pipe(
    logged,
    RTE.flatMap(() => announce((environment) => ({ kind: "order-unreadable", environment, order_ids }))),
    RTE.flatMap(() => now),
    RTE.flatMap((at) => pipe(order_ids, traverseSteps(WRITES_AT_ONCE)(markReported(at)))),
  );
};
