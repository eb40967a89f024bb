import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import type { Fault } from "../../lib/faults";
import { isGateClosed, type PlacedOrder } from "../domain/order";
import { orUnavailable, type Problem } from "../http/problem";
import type { Capabilities } from "../ports/capabilities";
import { now } from "../ports/clock";
import type { PortError } from "../ports/errors";
import { type InRequest, inRequest, newAmong } from "./in-request";
import { refused } from "./request";

type Needs = Pick<Capabilities, "orders" | "clock" | "log"> & {
  /** What an order's gate leaves at least, when it is placed, for sending it. */
  readonly gateMarginSeconds: number;
};

const lateBy =
  (at: Date, orders: ReadonlyArray<PlacedOrder>) =>
  ({ gateMarginSeconds }: Needs): ReadonlyArray<InRequest> =>
    inRequest(orders).filter(({ order }) => isGateClosed(order, at.getTime() + gateMarginSeconds * 1_000));

const fault =
  (at: Date, { order, index }: InRequest) =>
  ({ gateMarginSeconds }: Needs): Fault => ({
    path: `orders[${index}].valid_until`,
    expected: `an instant more than ${gateMarginSeconds} s ahead`,
    actual: isGateClosed(order, at.getTime()) ? "one that is past" : "one that is sooner",
  });

/**
 * Refuses orders whose gate is past or too near to send them before. Those that are stored already pass: a request
 * that is repeated gets the answer that it got, however late it comes.
 */
export const checkGates = (
  orders: ReadonlyArray<PlacedOrder>,
): RTE.ReaderTaskEither<Needs, Problem, unknown> =>
  pipe(
    now,
    RTE.bindTo("at"),
    RTE.bind("late", ({ at }) => RTE.asks(lateBy(at, orders))),
    RTE.bindW("unknown", ({ late }) => newAmong(late)),
    RTE.flatMap(({ at, unknown }) =>
      unknown.length === 0
        ? RTE.right(undefined)
        : pipe(
            RTE.asks((needs: Needs) => unknown.map((late) => fault(at, late)(needs))),
            RTE.flatMap((faults) => RTE.left<Needs, PortError | Problem>(refused(faults))),
          ),
    ),
    orUnavailable("gates not checked"),
  );
