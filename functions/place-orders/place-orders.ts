import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import type * as RTE from "fp-ts/ReaderTaskEither";
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

type Needs = Pick<Capabilities, "orders" | "queue" | "clock" | "log" | "environment">;

type Placed = { readonly outcome: "stored" | "replayed" | "conflict"; readonly stored: StoredOrder };

/** Single conditional writes: a batch write has no conditions, and one condition here is worth the requests. */
const WRITES_AT_ONCE = 32;

const received = (order: Order, requestId: string, at: string): StoredOrder => ({
  ...order,
  status: "received",
  request_id: requestId,
  received_at: at,
});

const insertAll =
  (candidates: ReadonlyArray<StoredOrder>) =>
  ({ orders }: Needs) =>
    pipe(
      candidates,
      traverseBounded(WRITES_AT_ONCE)((candidate: StoredOrder) =>
        pipe(
          orders.insert(candidate),
          TE.map((answer) => ({ candidate, isNew: answer === "inserted" })),
        ),
      ),
    );

/** An id that was taken is a replay if what stands there is the same order, a conflict otherwise. */
const compare = (candidate: StoredOrder, existing: FoundOrder | undefined): E.Either<Unreadable, Placed> =>
  existing === undefined
    ? // The table forgot it (its retention ended) between the two reads: as good as stored by this request.
      E.right({ outcome: "replayed", stored: candidate })
    : pipe(
        existing,
        E.map((stored) => ({ outcome: sameContent(candidate, stored) ? "replayed" : "conflict", stored })),
      );

const outcomes =
  (inserted: ReadonlyArray<{ readonly candidate: StoredOrder; readonly isNew: boolean }>) =>
  ({ orders }: Needs): TE.TaskEither<PortError, ReadonlyArray<E.Either<Unreadable, Placed>>> => {
    const taken = inserted.filter(({ isNew }) => !isNew).map(({ candidate }) => candidate.order_id);
    return pipe(
      taken.length === 0
        ? TE.right<PortError, ReadonlyMap<OrderId, FoundOrder>>(new Map())
        : orders.get(taken),
      TE.map((existing) =>
        inserted.map(({ candidate, isNew }): E.Either<Unreadable, Placed> =>
          isNew
            ? E.right({ outcome: "stored", stored: candidate })
            : compare(candidate, existing.get(candidate.order_id)),
        ),
      ),
    );
  };

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

const shown: (placed: E.Either<Unreadable, Placed>) => Outcome = E.matchW(
  ({ order_id }) => ({ order_id, outcome: "unreadable" as const }),
  ({ outcome, stored }) => ({ order_id: stored.order_id, outcome, status: stored.status }),
);

/**
 * Stores orders and queues them. Answers only what is durable: on a `Left` some orders may be stored, and
 * sending the same request again is safe.
 */
export const placeOrders =
  (
    accepted: ReadonlyArray<Order>,
    requestId: string,
  ): RTE.ReaderTaskEither<Needs, PortError, ReadonlyArray<Outcome>> =>
  (needs) =>
    pipe(
      TE.fromIO(needs.clock.now),
      TE.map((now) => accepted.map((order) => received(order, requestId, now.toISOString()))),
      TE.flatMap((candidates) => insertAll(candidates)(needs)),
      TE.flatMap((inserted) => outcomes(inserted)(needs)),
      TE.tap((placed) => TE.fromTask(queue(RA.rights(placed))(needs))),
      TE.tapIO((placed) => logUnreadable(RA.lefts(placed))(needs)),
      TE.map(RA.map(shown)),
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
