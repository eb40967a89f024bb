import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import type * as RIO from "fp-ts/ReaderIO";
import * as RT from "fp-ts/ReaderTask";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as RA from "fp-ts/ReadonlyArray";
import * as TE from "fp-ts/TaskEither";
import { type OrderId, type PlacedOrder, sameContent } from "../domain/order";
import type { FoundOrder, StoredOrder, Unreadable } from "../domain/stored-order";
import { traverseSteps } from "../fp/bounded";
import { embedded, ORDERS } from "../metrics";
import type { Capabilities } from "../ports/capabilities";
import { now } from "../ports/clock";
import { describe, type PortError } from "../ports/errors";
import * as log from "../ports/log";
import { logUnreadable } from "../ports/unreadable";
import type { Outcome } from "./answer";

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
  /** Orders that nothing was asked about: this request has certainly not stored them. */
  readonly untouched: ReadonlyArray<OrderId>;
};

/** Orders placed together: what one read takes, or four requests of writes. */
const BATCH = 100;

/** The request that brings orders, and who sent it. */
export type Sent = { readonly requestId: string; readonly by: string };

const received = (order: PlacedOrder, { requestId, by }: Sent, at: string): StoredOrder => ({
  ...order,
  status: "received",
  request_id: requestId,
  placed_by: by,
  received_at: at,
  attempts_noted: "always",
});

type Existing = ReadonlyMap<OrderId, FoundOrder>;

type Step<A> = RTE.ReaderTaskEither<Needs, PortError, A>;

const read =
  (candidates: ReadonlyArray<StoredOrder>): Step<Existing> =>
  ({ orders }) =>
    candidates.length === 0 ? TE.right(new Map()) : orders.get(candidates.map(({ order_id }) => order_id));

/** Stores a candidate if its id is free; gives it back if its id is taken. */
const insert =
  (candidate: StoredOrder): Step<ReadonlyArray<StoredOrder>> =>
  ({ orders }) =>
    pipe(
      orders.insert(candidate),
      TE.map((answer) => (answer === "exists" ? [candidate] : [])),
    );

/** Stores candidates whose ids are free; gives back those whose ids are taken. */
const insertAll = (candidates: ReadonlyArray<StoredOrder>): Step<ReadonlyArray<StoredOrder>> =>
  pipe(candidates, traverseSteps(BATCH)(insert), RTE.map(RA.flatten));

/** By this very request, whose first answer was lost; by an earlier one; or as another order. */
const outcomeOf = (candidate: StoredOrder, stored: StoredOrder): Placed["outcome"] => {
  if (!sameContent(candidate, stored)) return "conflict";
  return stored.request_id === candidate.request_id ? "stored" : "replayed";
};

/** What an id that was taken is taken by. */
const compare = (candidate: StoredOrder, existing: FoundOrder | undefined): Settled =>
  existing === undefined
    ? // The table forgot it (its retention ended) between the two reads: as good as stored by this request.
      E.right({ outcome: "replayed", stored: candidate })
    : pipe(
        existing,
        E.map((stored) => ({ outcome: outcomeOf(candidate, stored), stored })),
      );

const outcome =
  (taken: ReadonlyArray<StoredOrder>, existing: Existing) =>
  (candidate: StoredOrder): Settled =>
    existing.has(candidate.order_id) || taken.includes(candidate)
      ? compare(candidate, existing.get(candidate.order_id))
      : E.right({ outcome: "stored", stored: candidate });

const send =
  (placed: ReadonlyArray<Placed>): Step<ReadonlyArray<OrderId>> =>
  ({ queue }) =>
    queue.send(placed.map(({ stored: { order_id, request_id } }) => ({ order_id, request_id })));

const isWaiting = ({ outcome, stored }: Placed): boolean =>
  outcome !== "conflict" && stored.status === "received";

/**
 * Queues what waits to be submitted: new orders, and replayed ones that were stored but perhaps never queued.
 * A failure here changes no answer: the orders are stored, and the sweep queues what the queue did not take.
 */
const queueWaiting = (placed: ReadonlyArray<Placed>): RTE.ReaderTaskEither<Needs, never, unknown> =>
  pipe(
    send(placed.filter(isWaiting)),
    RTE.match(
      (error) => log.warn("orders left to the sweep", { cause: describe(error) }),
      (order_ids) =>
        order_ids.length === 0 ? log.silence : log.warn("orders left to the sweep", { order_ids }),
    ),
    RT.flatMap(RT.fromReaderIO<Needs, void>),
    RTE.rightReaderTask,
  );

/** @param repeated whether these orders are probably stored: then reading them first spares the writes */
const placeBatch = (
  candidates: ReadonlyArray<StoredOrder>,
  repeated: boolean,
): Step<ReadonlyArray<Settled>> =>
  pipe(
    read(repeated ? candidates : []),
    RTE.bindTo("known"),
    RTE.bind("taken", ({ known }) => insertAll(candidates.filter(({ order_id }) => !known.has(order_id)))),
    RTE.bind("found", ({ taken }) => read(taken)),
    RTE.map(({ known, taken, found }) => candidates.map(outcome(taken, new Map([...known, ...found])))),
    RTE.tap((settled) => queueWaiting(RA.rights(settled))),
    RTE.tapReaderIO((settled) => logUnreadable(RA.lefts(settled))),
  );

const shown: (settled: Settled) => Outcome = E.matchW(
  ({ order_id }) => ({ order_id, outcome: "unreadable" as const }),
  ({ outcome: of, stored }) => ({ order_id: stored.order_id, outcome: of, status: stored.status }),
);

const isReplayed = (settled: Settled | undefined): boolean =>
  settled !== undefined && E.isRight(settled) && settled.right.outcome === "replayed";

/** `batchMs`: how long a batch took last. */
type Progress = { readonly placed: ReadonlyArray<Settled>; readonly batchMs: number };

const unfinished = (
  { placed }: Progress,
  cause: string,
  untouched: ReadonlyArray<StoredOrder>,
): Unfinished => ({
  _tag: "Unfinished",
  cause,
  placed: placed.map(shown),
  untouched: untouched.map(({ order_id }) => order_id),
});

/** When a batch begins; undefined where there is no time for another like the last. */
const begin =
  ({ batchMs }: Progress): RIO.ReaderIO<Needs, number | undefined> =>
  ({ clock, deadline }) =>
  () => {
    const begun = clock.now().getTime();
    return begun + Math.max(batchMs, 1) > deadline ? undefined : begun;
  };

type Placing<A> = RTE.ReaderTaskEither<Needs, Unfinished, A>;

/** Places one batch after the other, as long as there is time. */
const placeFrom = (
  waiting: ReadonlyArray<StoredOrder>,
  progress: Progress,
): Placing<ReadonlyArray<Settled>> =>
  waiting.length === 0
    ? RTE.right(progress.placed)
    : pipe(
        RTE.rightReaderIO(begin(progress)),
        RTE.flatMap((begun): Placing<ReadonlyArray<Settled>> => {
          if (begun === undefined)
            return RTE.left(unfinished(progress, "there was no time for more", waiting));
          const [batch, rest] = RA.splitAt(BATCH)(waiting);
          return pipe(
            placeBatch(batch, isReplayed(progress.placed.at(-1))),
            RTE.mapLeft((error) => unfinished(progress, describe(error), rest)),
            RTE.bindTo("placed"),
            RTE.bindW("ended", () => now),
            RTE.flatMap(({ placed, ended }) =>
              placeFrom(rest, {
                placed: [...progress.placed, ...placed],
                batchMs: ended.getTime() - begun,
              }),
            ),
          );
        }),
      );

const idsOf = (placed: ReadonlyArray<Outcome>, outcome: Outcome["outcome"]): ReadonlyArray<number> =>
  placed.filter((order) => order.outcome === outcome).map(({ order_id }) => order_id);

/** A line of the log that counts what this very request stored: what was replayed was counted before. */
const logCounted = (
  level: "info" | "error",
  event: string,
  placed: ReadonlyArray<Outcome>,
  fields: Readonly<Record<string, unknown>>,
): RTE.ReaderTaskEither<Needs, never, void> =>
  pipe(
    now,
    RTE.flatMapReaderIO((at) =>
      log[level](event, {
        ...fields,
        ...embedded(at, [ORDERS.received, "Count", idsOf(placed, "stored").length]),
      }),
    ),
  );

/**
 * Stores orders and queues them, and answers before the deadline whatever the table does. Answers only what is
 * durable: on a `Left` some orders may be stored, and sending the same request again is safe and goes further.
 */
export const placeOrders = (
  orders: ReadonlyArray<PlacedOrder>,
  sent: Sent,
): Placing<ReadonlyArray<Outcome>> =>
  pipe(
    now,
    RTE.map((at) => orders.map((order) => received(order, sent, at.toISOString()))),
    RTE.flatMap((candidates) => placeFrom(candidates, { placed: [], batchMs: 0 })),
    RTE.map(RA.map(shown)),
    RTE.tap((placed) =>
      logCounted("info", "orders placed", placed, {
        stored: idsOf(placed, "stored"),
        replayed: idsOf(placed, "replayed").length,
        conflicts: idsOf(placed, "conflict"),
      }),
    ),
    RTE.tapError(({ cause, placed }) =>
      logCounted("error", "orders not placed", placed, { cause, placed: placed.length, of: orders.length }),
    ),
  );

export const has =
  (outcome: Outcome["outcome"]) =>
  (placed: ReadonlyArray<Outcome>): boolean =>
    placed.some((order) => order.outcome === outcome);
