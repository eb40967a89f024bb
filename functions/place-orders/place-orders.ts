import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import type * as RTE from "fp-ts/ReaderTaskEither";
import * as RA from "fp-ts/ReadonlyArray";
import * as T from "fp-ts/Task";
import * as TE from "fp-ts/TaskEither";
import { type Order, type OrderId, sameContent } from "../domain/order";
import type { Status } from "../domain/status";
import type { FoundOrder, StoredOrder, Unreadable } from "../domain/stored-order";
import { traverseBounded } from "../fp/bounded";
import type { Capabilities } from "../ports/capabilities";
import { describe, type PortError } from "../ports/errors";
import { logUnreadable } from "../ports/unreadable";

/**
 * What became of one order. A `conflict` leaves the order stored under that id untouched; so does `unreadable`,
 * where nobody can say which order that is.
 */
export type Outcome =
  | {
      readonly order_id: number;
      readonly outcome: "stored" | "replayed" | "conflict";
      readonly status: Status;
    }
  | { readonly order_id: number; readonly outcome: "unreadable" };

type Needs = Pick<Capabilities, "orders" | "queue" | "clock" | "log" | "deadline" | "environment">;

type Placed = { readonly outcome: "stored" | "replayed" | "conflict"; readonly stored: StoredOrder };

/** An order in its place, or what is known of the one that cannot be read there. */
type Settled = E.Either<Unreadable, Placed>;

/**
 * Not everything was placed: the table failed, or the time left would not have been enough for more. What became
 * of the orders that were is known; the same request again places the others.
 */
export type Unfinished = {
  readonly _tag: "Unfinished";
  readonly cause: string;
  readonly placed: ReadonlyArray<Outcome>;
};

/** Single conditional writes: a batch write has no conditions, and one condition here is worth the requests. */
const WRITES_AT_ONCE = 32;
/** Rounds of writes to a batch: what one read takes. In between, the time that is left decides on the next. */
const ROUNDS = 3;

const received = (order: Order, requestId: string, at: string): StoredOrder => ({
  ...order,
  status: "received",
  request_id: requestId,
  received_at: at,
});

type Existing = ReadonlyMap<OrderId, FoundOrder>;

const read =
  (candidates: ReadonlyArray<StoredOrder>) =>
  ({ orders }: Needs): TE.TaskEither<PortError, Existing> =>
    candidates.length === 0 ? TE.right(new Map()) : orders.get(candidates.map(({ order_id }) => order_id));

/** Stores candidates whose ids are free; gives back those whose ids are taken. */
const insertAll =
  (candidates: ReadonlyArray<StoredOrder>) =>
  ({ orders }: Needs): TE.TaskEither<PortError, ReadonlyArray<StoredOrder>> =>
    pipe(
      candidates,
      traverseBounded(WRITES_AT_ONCE)((candidate: StoredOrder) =>
        pipe(
          orders.insert(candidate),
          TE.map((answer) => (answer === "exists" ? [candidate] : [])),
        ),
      ),
      TE.map((taken) => taken.flat()),
    );

/** An id that was taken is a replay if what stands there is the same order, a conflict otherwise. */
const compare = (candidate: StoredOrder, existing: FoundOrder | undefined): Settled =>
  existing === undefined
    ? // The table forgot it (its retention ended) between the two reads: as good as stored by this request.
      E.right({ outcome: "replayed", stored: candidate })
    : pipe(
        existing,
        E.map((stored) => ({ outcome: sameContent(candidate, stored) ? "replayed" : "conflict", stored })),
      );

const outcome =
  (taken: ReadonlyArray<StoredOrder>, existing: Existing) =>
  (candidate: StoredOrder): Settled =>
    existing.has(candidate.order_id) || taken.includes(candidate)
      ? compare(candidate, existing.get(candidate.order_id))
      : E.right({ outcome: "stored", stored: candidate });

/**
 * Queues what waits to be submitted: new orders, and replayed ones that were stored but perhaps never queued.
 * A failure here changes no answer: the orders are stored, and the sweep queues what the queue did not take.
 */
const queue =
  (placed: ReadonlyArray<Placed>) =>
  ({ queue: orderQueue, log }: Needs): T.Task<void> =>
    pipe(
      orderQueue.send(
        placed
          .filter(({ outcome, stored }) => outcome !== "conflict" && stored.status === "received")
          .map(({ stored }) => ({ order_id: stored.order_id, request_id: stored.request_id })),
      ),
      TE.matchE(
        (error) => T.fromIO(log.warn("orders left to the sweep", { cause: describe(error) })),
        (left) =>
          left.length === 0
            ? T.of(undefined)
            : T.fromIO(log.warn("orders left to the sweep", { order_ids: left })),
      ),
    );

/** @param repeated whether these orders are probably stored: then reading them first spares the writes */
const placeBatch =
  (candidates: ReadonlyArray<StoredOrder>, repeated: boolean) =>
  (needs: Needs): TE.TaskEither<PortError, ReadonlyArray<Settled>> =>
    pipe(
      TE.Do,
      TE.bind("known", () => read(repeated ? candidates : [])(needs)),
      TE.bind("taken", ({ known }) =>
        insertAll(candidates.filter(({ order_id }) => !known.has(order_id)))(needs),
      ),
      TE.bind("found", ({ taken }) => read(taken)(needs)),
      TE.map(({ known, taken, found }) => candidates.map(outcome(taken, new Map([...known, ...found])))),
      TE.tap((settled) => TE.fromTask(queue(RA.rights(settled))(needs))),
      TE.tapIO((settled) => logUnreadable(RA.lefts(settled))(needs)),
    );

const shown: (settled: Settled) => Outcome = E.matchW(
  ({ order_id }) => ({ order_id, outcome: "unreadable" as const }),
  ({ outcome: of, stored }) => ({ order_id: stored.order_id, outcome: of, status: stored.status }),
);

const isReplayed = (settled: Settled | undefined): boolean =>
  settled !== undefined && E.isRight(settled) && settled.right.outcome === "replayed";

/** `roundMs`: how long a round of writes took last. */
type Progress = { readonly placed: ReadonlyArray<Settled>; readonly roundMs: number };

const unfinished = ({ placed }: Progress, cause: string): Unfinished => ({
  _tag: "Unfinished",
  cause,
  placed: placed.map(shown),
});

/** Places one batch after the other, each no larger than there is time for. */
const placeFrom =
  (waiting: ReadonlyArray<StoredOrder>, progress: Progress) =>
  (needs: Needs): TE.TaskEither<Unfinished, ReadonlyArray<Settled>> => {
    if (waiting.length === 0) return TE.right(progress.placed);
    const begun = needs.clock.now().getTime();
    const rounds = Math.min(Math.floor((needs.deadline - begun) / Math.max(progress.roundMs, 1)), ROUNDS);
    if (rounds < 1) return TE.left(unfinished(progress, "there was no time for more"));
    const [batch, rest] = RA.splitAt(rounds * WRITES_AT_ONCE)(waiting);
    return pipe(
      placeBatch(batch, isReplayed(progress.placed.at(-1)))(needs),
      TE.mapLeft((error) => unfinished(progress, describe(error))),
      TE.map((placed): Progress => ({
        placed: [...progress.placed, ...placed],
        roundMs: (needs.clock.now().getTime() - begun) / rounds,
      })),
      TE.flatMap((further) => placeFrom(rest, further)(needs)),
    );
  };

/**
 * Stores orders and queues them, and answers before the deadline whatever the table does. Answers only what is
 * durable: on a `Left` some orders may be stored, and sending the same request again is safe and goes further.
 */
export const placeOrders =
  (
    accepted: ReadonlyArray<Order>,
    requestId: string,
  ): RTE.ReaderTaskEither<Needs, Unfinished, ReadonlyArray<Outcome>> =>
  (needs) =>
    pipe(
      TE.fromIO(needs.clock.now),
      TE.map((now) => accepted.map((order) => received(order, requestId, now.toISOString()))),
      TE.flatMap((candidates) => placeFrom(candidates, { placed: [], roundMs: 0 })(needs)),
      TE.map((placed) => placed.map(shown)),
      TE.tapIO((placed) =>
        needs.log.info("orders placed", {
          stored: placed.filter(({ outcome }) => outcome === "stored").map(({ order_id }) => order_id),
          replayed: placed.filter(({ outcome }) => outcome === "replayed").length,
          conflicts: placed.filter(({ outcome }) => outcome === "conflict").map(({ order_id }) => order_id),
        }),
      ),
    );

export const has =
  (outcome: Outcome["outcome"]) =>
  (placed: ReadonlyArray<Outcome>): boolean =>
    placed.some((order) => order.outcome === outcome);
