import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as TE from "fp-ts/TaskEither";
import { isGateClosed, type OrderId } from "../domain/order";
import { type FoundOrder, mayHaveBeenSent, type StoredOrder } from "../domain/stored-order";
import { KINDS } from "../http/kinds";
import { noSuchOrder, type Problem, unreadable } from "../http/problem";
import { embedded, ORDERS } from "../metrics";
import type { Capabilities } from "../ports/capabilities";
import { now } from "../ports/clock";
import type { PortError } from "../ports/errors";
import * as log from "../ports/log";
import { logUnreadable } from "../ports/unreadable";
import { shown } from "../domain/shown-order";

type Needs = Pick<Capabilities, "orders" | "withdrawals" | "clock" | "log" | "environment"> & {
  /** Who asks for it. */
  readonly by: string;
};

type Step<A> = RTE.ReaderTaskEither<Needs, PortError | Problem, A>;

/** What there is to do about an order that is not cancelled here and now. */
const WHY = {
  sent: "It is being sent or ended: the auction platform may have it already. GET it a little later; once it is submitted, cancel it again if this environment's auction platform gives orders back.",
  kept: "This environment's auction platform gives no order back. Its result decides it.",
  gate: "Its gate has closed. Its result decides it.",
  decided:
    "The auction platform does not give it back: it has decided. Its result comes with the next results.",
  final: "Nothing follows.",
} as const;

const tooLate = (order: StoredOrder, why: keyof typeof WHY): Problem => ({
  ...KINDS.tooLate,
  detail: `The order is ${order.status}. ${WHY[why]}`,
  order: shown(order),
});

const read = (id: OrderId): Step<StoredOrder> =>
  pipe(
    ({ orders }: Needs) => orders.get([id]),
    RTE.map((found) => found.get(id)),
    RTE.flatMapEither(E.fromNullable<PortError | Problem>(noSuchOrder)),
    RTE.tapReaderIO((order: FoundOrder) => logUnreadable(E.isLeft(order) ? [order.left] : [])),
    RTE.flatMapEither(E.mapLeft(() => unreadable)),
  );

/** False where the order is no longer what it was when it was read. */
const write = ({ order_id, request_id }: StoredOrder, from: "received" | "submitted"): Step<boolean> =>
  pipe(
    now,
    RTE.bindTo("at"),
    RTE.bind(
      "isWritten",
      ({ at }) =>
        ({ orders, by }: Needs) =>
          orders.change(order_id, { _tag: "Cancelled", from, at: at.toISOString(), by }),
    ),
    RTE.tapReaderIO(({ at, isWritten }) =>
      isWritten
        ? log.info("order cancelled", {
            order_id,
            stored_by: request_id,
            was: from,
            ...embedded(at, [ORDERS.cancelled, "Count", 1]),
          })
        : log.silence,
    ),
    RTE.map(({ isWritten }) => isWritten),
  );

/** Taken back first, written after: a crash in between leaves it `submitted`, and the same request goes on. */
const withdraw = (order: StoredOrder): Step<boolean> =>
  pipe(
    now,
    RTE.flatMap((at) => ({ withdrawals }: Needs): TE.TaskEither<PortError | Problem, void> => {
      if (withdrawals === undefined) return TE.left(tooLate(order, "kept"));
      if (isGateClosed(order, at.getTime())) return TE.left(tooLate(order, "gate"));
      return pipe(
        withdrawals.withdraw(order),
        TE.mapLeft((error) => (error._tag === "TooLate" ? tooLate(order, "decided") : error)),
      );
    }),
    RTE.flatMap(() => write(order, "submitted")),
  );

/** False: it has changed since it was read. */
const tryToCancel = (order: StoredOrder): Step<boolean> => {
  switch (order.status) {
    case "received":
      return mayHaveBeenSent(order) ? RTE.left(tooLate(order, "sent")) : write(order, "received");
    case "submitted":
      return withdraw(order);
    case "cancelled":
      return RTE.right(true);
    case "accepted":
    case "rejected":
    case "expired":
      return RTE.left(tooLate(order, "final"));
  }
};

/** A status moves at most so often before none follows it. */
const ROUNDS = 3;

const cancelIn = (id: OrderId, rounds: number): Step<StoredOrder> =>
  pipe(
    read(id),
    RTE.flatMap((order) =>
      pipe(
        tryToCancel(order),
        RTE.flatMap((isCancelled) => {
          if (isCancelled) return order.status === "cancelled" ? RTE.right(order) : read(id);
          return rounds === 1 ? RTE.left(tooLate(order, "sent")) : cancelIn(id, rounds - 1);
        }),
      ),
    ),
  );

/**
 * Cancels an order: one that was certainly never sent by a write that requires just that, a submitted one through the
 * auction platform. One that is cancelled already stays so, and is the answer.
 */
export const cancelOrder = (id: OrderId): Step<StoredOrder> => cancelIn(id, ROUNDS);
