import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RT from "fp-ts/ReaderTask";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as RA from "fp-ts/ReadonlyArray";
import type { OrderId } from "../domain/order";
import type { FoundOrder, StoredOrder, Unreadable } from "../domain/stored-order";
import { traverseSteps } from "../fp/bounded";
import type { IndexPage } from "../ports/capabilities";
import { now } from "../ports/clock";
import * as log from "../ports/log";
import { type Concern, type Needs, OVERDUE, type Step, STUCK, tell } from "./concerns";
import { announceUntold, type Scope, scope } from "./trading";
import { UNARCHIVED } from "./unarchived";

/** What one sweep did. `complete` is false where it ran out of time: the next sweep goes on. */
export type Swept = { readonly requeued: number; readonly overdue: number; readonly complete: boolean };

/** Rows of the index looked at in one query; those of quiet orders the table itself leaves out. */
const ROWS_A_QUERY = 500;
const RESERVE_MS = 3_000;
/** Ids that a log line quotes. */
const IDS_QUOTED = 10;

/** A walk through one status's rows: from a place on, up to a time. */
type Walk = {
  readonly concern: Concern;
  readonly begun: Date;
  readonly endsAt: number;
  readonly from?: string;
  readonly before: Date;
  readonly quietAtMost: Date;
  readonly scope: Scope;
};

/** What two clocks may differ by without one of them having been put back. */
const CLOCK_SLACK_SECONDS = 60;
const END_OF_TIME = new Date("9999-12-31T23:59:59.999Z");

const later = (time: Date, seconds: number): Date => new Date(time.getTime() + seconds * 1_000);

type Progress = {
  readonly done: number;
  /** Rows that are not about an order of this status: the index is behind the table. */
  readonly stale: number;
  readonly staleIds: ReadonlyArray<OrderId>;
  readonly complete: boolean;
};
const NOTHING: Progress = { done: 0, stale: 0, staleIds: [], complete: true };

const sum = (parts: ReadonlyArray<Progress>): Progress => ({
  done: parts.reduce((total, { done }) => total + done, 0),
  stale: parts.reduce((total, { stale }) => total + stale, 0),
  staleIds: parts.flatMap(({ staleIds }) => staleIds).slice(0, IDS_QUOTED),
  complete: parts.every(({ complete }) => complete),
});

type Lot = {
  readonly due: ReadonlyArray<StoredOrder>;
  readonly unreadable: ReadonlyArray<Unreadable>;
  readonly stale: ReadonlyArray<OrderId>;
};

/** The orders behind some rows, as they stand: only they say what is to be done. */
const sort =
  (ids: ReadonlyArray<OrderId>, { concern, begun, quietAtMost, scope: { resumedAt } }: Walk) =>
  (found: ReadonlyMap<OrderId, FoundOrder>): Lot => {
    const { left, right } = RA.separate(ids.flatMap((id) => found.get(id) ?? []));
    const { left: others, right: current } = pipe(right, RA.partition(concern.isDue));
    return {
      due: current.filter(
        ({ quiet_until = "", requeued_at = "" }) =>
          quiet_until < begun.toISOString() ||
          quiet_until > quietAtMost.toISOString() ||
          (resumedAt !== undefined && requeued_at < resumedAt.toISOString()),
      ),
      unreadable: left,
      stale: [...ids.filter((id) => !found.has(id)), ...others.map(({ order_id }) => order_id)],
    };
  };

const INCOMPLETE: Progress = { ...NOTHING, complete: false };

/** Does a part of the walk, if there is time for it. */
const whileTime = (walk: Walk, part: Step<Progress>): Step<Progress> =>
  pipe(
    now,
    RTE.flatMap((time) => (time.getTime() > walk.endsAt ? RTE.right(INCOMPLETE) : part)),
  );

const get =
  (ids: ReadonlyArray<OrderId>): Step<ReadonlyMap<OrderId, FoundOrder>> =>
  ({ orders }) =>
    orders.get(ids);

const sweepLot =
  (walk: Walk) =>
  (ids: ReadonlyArray<OrderId>): Step<Progress> =>
    whileTime(
      walk,
      pipe(
        get(ids),
        RTE.map(sort(ids, walk)),
        RTE.bindTo("lot"),
        RTE.bind("done", ({ lot: { due } }) => (due.length === 0 ? RTE.right(0) : walk.concern.act(due))),
        RTE.tap(({ lot: { unreadable } }) => tell(unreadable)),
        RTE.map(({ lot: { stale }, done }) => ({
          done,
          stale: stale.length,
          staleIds: stale.slice(0, IDS_QUOTED),
          complete: true,
        })),
      ),
    );

const waiting =
  ({ concern, begun, before, quietAtMost, scope }: Walk, after: string | undefined): Step<IndexPage> =>
  ({ orders }) =>
    orders.waiting({
      status: concern.status,
      before,
      now: begun,
      quietAtMost,
      limit: ROWS_A_QUERY,
      ...(scope.gated === undefined ? {} : { gated: scope.gated }),
      ...(scope.resumedAt === undefined ? {} : { quietSince: scope.resumedAt }),
      ...(after === undefined ? {} : { after }),
    });

/** Before each lot the sweep looks at the clock. */
const lots = (ids: ReadonlyArray<OrderId>, { concern }: Walk): ReadonlyArray<ReadonlyArray<OrderId>> =>
  RA.chunksOf(concern.lot)(ids);

/** Row after row, each once: the place of a row only ever grows, whatever becomes of its order. */
const sweepFrom = (walk: Walk, after = walk.from): Step<Progress> =>
  whileTime(
    walk,
    pipe(
      waiting(walk, after),
      RTE.bindTo("page"),
      RTE.bind("done", ({ page: { ids } }) =>
        pipe(lots(ids, walk), traverseSteps(1)(sweepLot(walk)), RTE.map(sum)),
      ),
      RTE.flatMap(({ page: { next }, done }) =>
        next === undefined
          ? RTE.right(done)
          : pipe(
              sweepFrom(walk, next),
              RTE.map((rest) => sum([done, rest])),
            ),
      ),
    ),
  );

type Span = { readonly begun: Date; readonly endsAt: number };

const latest = (a: Date, b: Date): Date => (a < b ? b : a);

/** A halt that has just ended is still in effect for a moment, and an operator's clock may be behind ours. */
const until = (begun: Date, { resumedAt }: Scope): Date =>
  resumedAt === undefined
    ? new Date(0)
    : new Date(Math.min(begun.getTime(), later(resumedAt, CLOCK_SLACK_SECONDS).getTime()));

/** Orders that have waited for too long; and those dated so far ahead that a clock has been put back since. */
const walks =
  (concern: Concern, { begun, endsAt }: Span, scope: Scope) =>
  (needs: Needs): { readonly overdue: Walk; readonly ahead: Walk } => {
    const future = later(begun, CLOCK_SLACK_SECONDS);
    const walk = { concern, begun, endsAt, quietAtMost: later(future, concern.quietSeconds(needs)), scope };
    return {
      overdue: { ...walk, before: latest(later(begun, -concern.afterSeconds(needs)), until(begun, scope)) },
      ahead: { ...walk, from: future.toISOString(), before: END_OF_TIME },
    };
  };

const logStale = ({ status }: Concern, { stale, staleIds }: Progress) =>
  stale === 0
    ? log.silence
    : log.warn("index rows without their order", { status, count: stale, order_ids: staleIds });

const logAhead = ({ done }: Progress) =>
  done === 0
    ? log.silence
    : log.warn("clock moved", { found: "orders dated later than any could be", count: done });

const sweep = (concern: Concern, span: Span, scope: Scope): Step<Progress> =>
  pipe(
    RTE.asks(walks(concern, span, scope)),
    RTE.flatMap(({ overdue, ahead }) =>
      pipe(
        sweepFrom(overdue),
        RTE.bindTo("overdue"),
        RTE.bind("ahead", () => sweepFrom(ahead)),
      ),
    ),
    RTE.tapReaderIO(({ ahead }) => logAhead(ahead)),
    RTE.map(({ overdue, ahead }) => sum([overdue, ahead])),
    RTE.tapReaderIO((progress) => logStale(concern, progress)),
  );

/** Everything in the outbox, whatever its date: nobody else takes it out. */
const archive = ({ begun, endsAt }: Span): Step<Progress> =>
  pipe(
    sweepFrom({
      ...{ concern: UNARCHIVED, begun, endsAt, scope: {} },
      ...{ before: END_OF_TIME, quietAtMost: END_OF_TIME },
    }),
    RTE.tapReaderIO((progress) => logStale(UNARCHIVED, progress)),
  );

type Spans = { readonly reports: Span; readonly archive: Span; readonly requeues: Span };

/** Reports have half the time at most, the archive half of what is left, queueing the rest. */
const spans: RTE.ReaderTaskEither<Needs, never, Spans> = pipe(
  now,
  RTE.flatMap((begun) =>
    RTE.asks(({ deadline }: Needs) => {
      const endsAt = deadline - RESERVE_MS;
      const left = endsAt - begun.getTime();
      return {
        reports: { begun, endsAt: endsAt - left / 2 },
        archive: { begun, endsAt: endsAt - left / 4 },
        requeues: { begun, endsAt },
      };
    }),
  ),
);

/**
 * Queues again what got stuck between the table and the auction platform, or waited for trading to be resumed; reports
 * what got no result, and archives what ended without one. Each is done whatever becomes of the others.
 */
export const sweepOrders: Step<Swept> = pipe(
  spans,
  RTE.flatMap(({ reports, archive: archiving, requeues }) =>
    pipe(
      RT.Do,
      RT.bind("told", () => announceUntold),
      RT.bind("overdue", () => sweep(OVERDUE, reports, {})),
      RT.bind("archived", () => archive(archiving)),
      RT.bind("requeued", () =>
        pipe(
          scope,
          RTE.flatMap((of) => sweep(STUCK, requeues, of)),
        ),
      ),
      RT.map(({ told, overdue, archived, requeued }) =>
        pipe(
          E.Do,
          E.apS("told", told),
          E.apS("overdue", overdue),
          E.apS("archived", archived),
          E.apS("requeued", requeued),
        ),
      ),
    ),
  ),
  RTE.map(({ overdue, archived, requeued }) => ({
    requeued: requeued.done,
    overdue: overdue.done,
    complete: overdue.complete && archived.complete && requeued.complete,
  })),
);
