import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as RNEA from "fp-ts/ReadonlyNonEmptyArray";
import type * as RTE from "fp-ts/ReaderTaskEither";
import * as T from "fp-ts/Task";
import * as TE from "fp-ts/TaskEither";
import type { OrderId } from "../domain/order";
import type { FoundOrder, StoredOrder, Unreadable } from "../domain/stored-order";
import { traverseBounded } from "../fp/bounded";
import type { PortError } from "../ports/errors";
import { type Concern, type Needs, OVERDUE, type Step, STUCK, tell } from "./concerns";

/** What one sweep did. `complete` is false where it ran out of time: the next sweep goes on. */
export type Swept = { readonly requeued: number; readonly overdue: number; readonly complete: boolean };

/** Rows of the index looked at in one query; those of quiet orders the table itself leaves out. */
const ROWS_A_QUERY = 500;
/** Orders read and dealt with at a time; before each lot the sweep looks at the clock. */
const LOT = 100;
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
  (ids: ReadonlyArray<OrderId>, { concern, begun, quietAtMost }: Walk) =>
  (found: ReadonlyMap<OrderId, FoundOrder>): Lot => {
    const { left, right } = RA.separate(ids.flatMap((id) => found.get(id) ?? []));
    const { left: others, right: current } = pipe(
      right,
      RA.partition(({ status }) => status === concern.status),
    );
    return {
      due: current.filter(
        ({ quiet_until = "" }) =>
          quiet_until < begun.toISOString() || quiet_until > quietAtMost.toISOString(),
      ),
      unreadable: left,
      stale: [...ids.filter((id) => !found.has(id)), ...others.map(({ order_id }) => order_id)],
    };
  };

const isOver = ({ endsAt }: Walk, { clock }: Needs): boolean => clock.now().getTime() > endsAt;

const sweepLot =
  (walk: Walk) =>
  (ids: ReadonlyArray<OrderId>): Step<Progress> =>
  (needs) =>
    isOver(walk, needs)
      ? TE.right({ ...NOTHING, complete: false })
      : pipe(
          needs.orders.get(ids),
          TE.map(sort(ids, walk)),
          TE.bindTo("lot"),
          TE.bind("done", ({ lot: { due } }) =>
            due.length === 0 ? TE.right(0) : walk.concern.act(due)(needs),
          ),
          TE.tap(({ lot: { unreadable } }) => tell(unreadable)(needs)),
          TE.map(({ lot: { stale }, done }) => ({
            done,
            stale: stale.length,
            staleIds: stale.slice(0, IDS_QUOTED),
            complete: true,
          })),
        );

/** Row after row, each once: the place of a row only ever grows, whatever becomes of its order. */
const sweepFrom =
  (walk: Walk, after = walk.from): Step<Progress> =>
  (needs) => {
    if (isOver(walk, needs)) return TE.right({ ...NOTHING, complete: false });
    const { concern, begun, before, quietAtMost } = walk;
    return pipe(
      needs.orders.waiting({
        status: concern.status,
        before,
        now: begun,
        quietAtMost,
        limit: ROWS_A_QUERY,
        ...(after === undefined ? {} : { after }),
      }),
      TE.bindTo("page"),
      TE.bind("lots", ({ page: { ids } }) =>
        pipe(
          RNEA.fromReadonlyArray(ids),
          (some) => (some._tag === "None" ? [] : RNEA.chunksOf(LOT)(some.value)),
          traverseBounded(1)((lot: ReadonlyArray<OrderId>) => sweepLot(walk)(lot)(needs)),
        ),
      ),
      TE.flatMap(({ page: { next }, lots }) => {
        const progress = sum(lots);
        return next === undefined
          ? TE.right(progress)
          : pipe(
              sweepFrom(walk, next)(needs),
              TE.map((rest) => sum([progress, rest])),
            );
      }),
    );
  };

/** Orders that have waited for too long; and those dated so far ahead that a clock has been put back since. */
const walks = (concern: Concern, begun: Date, endsAt: number, needs: Needs): readonly [Walk, Walk] => {
  const ahead = later(begun, CLOCK_SLACK_SECONDS);
  const quietAtMost = later(ahead, concern.quietSeconds(needs));
  const walk = { concern, begun, endsAt, quietAtMost };
  return [
    { ...walk, before: later(begun, -concern.afterSeconds(needs)) },
    { ...walk, from: ahead.toISOString(), before: END_OF_TIME },
  ];
};

const sweep =
  (concern: Concern, begun: Date, endsAt: number): Step<Progress> =>
  (needs) => {
    const [waiting, ahead] = walks(concern, begun, endsAt, needs);
    return pipe(
      TE.Do,
      TE.bind("due", () => sweepFrom(waiting)(needs)),
      TE.bind("ahead", () => sweepFrom(ahead)(needs)),
      TE.tapIO(({ ahead: { done } }) =>
        done === 0
          ? () => undefined
          : needs.log.warn("clock moved", { found: "orders dated later than any could be", count: done }),
      ),
      TE.map(({ due, ahead: dated }) => sum([due, dated])),
      TE.tapIO(({ stale, staleIds }) =>
        stale === 0
          ? () => undefined
          : needs.log.warn("index rows without their order", {
              status: concern.status,
              count: stale,
              order_ids: staleIds,
            }),
      ),
    );
  };

/**
 * Queues again what got stuck between the table and the auction platform, and reports what got no result. Each
 * does its work whatever becomes of the other: reports have half the time at most, queueing has what is left.
 */
export const sweepOrders: RTE.ReaderTaskEither<Needs, PortError, Swept> = (needs) => {
  const begun = needs.clock.now();
  const endsAt = needs.deadline - RESERVE_MS;
  const halfway = (begun.getTime() + endsAt) / 2;
  return pipe(
    T.Do,
    T.bind("overdue", () => sweep(OVERDUE, begun, halfway)(needs)),
    T.bind("requeued", () => sweep(STUCK, begun, endsAt)(needs)),
    T.map(({ overdue, requeued }) => pipe(E.Do, E.apS("overdue", overdue), E.apS("requeued", requeued))),
    TE.map(({ overdue, requeued }) => ({
      requeued: requeued.done,
      overdue: overdue.done,
      complete: overdue.complete && requeued.complete,
    })),
  );
};
