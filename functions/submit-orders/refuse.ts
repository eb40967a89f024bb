import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import { announced } from "../domain/announcement";
import { isTestOrder } from "../domain/order";
import type { StoredOrder } from "../domain/stored-order";
import { reached } from "../metrics";
import type { Refused } from "../ports/capabilities";
import { now } from "../ports/clock";
import type { PortError } from "../ports/errors";
import type { EndingNeeds } from "../ports/expiry";
import * as log from "../ports/log";

type Step<A> = RTE.ReaderTaskEither<EndingNeeds, PortError, A>;

/** By what an order is followed through the logs. */
export const followed = ({ order_id, request_id }: Pick<StoredOrder, "order_id" | "request_id">) => ({
  order_id,
  request_id,
});

const announce =
  (order: StoredOrder, reason: string): Step<void> =>
  ({ notifier, environment }) =>
    notifier.announce({
      kind: isTestOrder(order) ? "test-orders-closed" : "order-refused",
      environment,
      orders: [{ ...announced(order), reason }],
    });

const writeRefused =
  ({ order_id }: StoredOrder, reason: string, at: Date): Step<boolean> =>
  ({ orders, invocation }) =>
    orders.change(order_id, { _tag: "Refused", at: at.toISOString(), by: invocation, reason });

/** Announced before it is written: a crash in between announces it twice, never not at all. */
const announceAndWrite = (order: StoredOrder, reason: string): Step<unknown> =>
  pipe(
    announce(order, reason),
    RTE.flatMap(() => now),
    RTE.bindTo("at"),
    RTE.bind("isWritten", ({ at }) => writeRefused(order, reason, at)),
    RTE.tapReaderIO(({ at, isWritten }) =>
      log.warn("order refused", {
        ...followed(order),
        ...(isWritten ? reached("rejected", order, at) : {}),
      }),
    ),
  );

const reserve =
  ({ order_id }: StoredOrder, place: number, at: Date): Step<boolean> =>
  ({ announcements, invocation, deadline }) =>
    announcements.reserve(order_id, { by: `${invocation}/${place}`, now: at.getTime(), until: deadline });

const toldByAnother = ({ order_id }: StoredOrder): Step<unknown> =>
  RTE.rightReaderIO(log.info("refusal told by another delivery", { order_id }));

/**
 * An order posted three times is on the queue three times, and is refused three times at once; one of them tells
 * people. Its reservation ends when its invocation does: the order stays `received` until people were told, so
 * that the same message or the sweep goes on where a crash ended it.
 */
export const refuse = (order: StoredOrder, { reason }: Refused, place: number): Step<unknown> =>
  pipe(
    now,
    RTE.flatMap((at) => reserve(order, place, at)),
    RTE.flatMap((isReserved) => (isReserved ? announceAndWrite(order, reason) : toldByAnother(order))),
  );
