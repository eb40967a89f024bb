import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import type { Foreseen } from "../domain/settlement";
import type { Change, StoredOrder } from "../domain/stored-order";
import { traverseSteps } from "../fp/bounded";
import { reached } from "../metrics";
import type { Capabilities } from "../ports/capabilities";
import { now } from "../ports/clock";
import type { PortError } from "../ports/errors";
import * as log from "../ports/log";

type Needs = Pick<Capabilities, "orders" | "clock" | "log">;
type Step<A> = RTE.ReaderTaskEither<Needs, PortError, A>;

const WRITES_AT_ONCE = 100;

const change =
  ({ order_id }: StoredOrder, to: Change): Step<boolean> =>
  ({ orders }) =>
    orders.change(order_id, to);

/** A result of whatever kind proves that the order was sent, where the answer to that was lost. */
const proveSubmitted = (order: StoredOrder, at: Date, by: string): Step<unknown> =>
  order.status !== "received"
    ? RTE.right(undefined)
    : pipe(
        change(order, { _tag: "Submitted", at: at.toISOString(), by }),
        RTE.tapReaderIO((isWritten) =>
          isWritten
            ? log.info("order submitted", {
                order_id: order.order_id,
                request_id: order.request_id,
                ...reached("submitted", order, at),
              })
            : log.silence,
        ),
      );

const write =
  (at: Date, run: string) =>
  ({ order, status, award }: Foreseen): Step<unknown> =>
    pipe(
      proveSubmitted(order, at, run),
      RTE.flatMap(() =>
        change(order, { _tag: "Foreseen", preliminary: { status, ...award, at: at.toISOString() } }),
      ),
      RTE.tapReaderIO((isWritten) =>
        isWritten
          ? log.info("result foreseen", {
              order_id: order.order_id,
              request_id: order.request_id,
              status,
              ...award,
            })
          : log.silence,
      ),
    );

/**
 * Notes results that are not final on their orders. They decide nothing: no order ends, nothing is archived or
 * announced, and an order that has ended meanwhile stays as it is.
 *
 * @param run which has the results
 */
export const foresee = (run: string, foreseen: ReadonlyArray<Foreseen>): Step<unknown> =>
  pipe(
    now,
    RTE.flatMap((at) => pipe(foreseen, traverseSteps(WRITES_AT_ONCE)(write(at, run)))),
  );
