import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RT from "fp-ts/ReaderTask";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as RA from "fp-ts/ReadonlyArray";
import type { Fault } from "../../lib/faults";
import { areCounted, type Limits, limitsOf } from "../domain/limits";
import { isTestOrder, type OrderId, type PlacedOrder } from "../domain/order";
import { traverseAllSteps } from "../fp/bounded";
import { KINDS } from "../http/kinds";
import { orUnavailable, type Problem } from "../http/problem";
import type { Capabilities, Sums } from "../ports/capabilities";
import { now } from "../ports/clock";
import { describe, type PortError } from "../ports/errors";
import * as log from "../ports/log";
import type { Outcome } from "./answer";
import { type InRequest, inRequest, newAmong } from "./in-request";
import { amount, faultsOf, faultsOfSums, type Group, groupsOf } from "./limit-faults";
import type { Unfinished } from "./place-orders";
import { listedFaults } from "./request";

type Needs = Pick<Capabilities, "orders" | "allowances" | "clock" | "log"> & { readonly limits: Limits };

/** What orders have added to the sums of their products, and when. */
type Reservation = { readonly at: Date; readonly groups: ReadonlyArray<Group> };

const PRODUCTS_AT_ONCE = 25;
const FAULTS_LOGGED = 5;

/** Orders that a limit may concern. A test order is never a bid. */
const concerned =
  (orders: ReadonlyArray<PlacedOrder>) =>
  ({ limits }: Needs): ReadonlyArray<InRequest> => {
    const isConcerned = (each: InRequest): boolean => {
      const own = limitsOf(limits, each.order.product);
      return own === undefined || areCounted(own) || faultsOf(limits)(each).length > 0;
    };
    return inRequest(orders).filter((each) => !isTestOrder(each.order) && isConcerned(each));
  };

/** A reservation that is not given back makes the limit too strict until its hour is a day old, never too lax. */
const release =
  (at: Date) =>
  ({ product, orders, shares }: Group): RT.ReaderTask<Needs, void> =>
    pipe(
      ({ allowances }: Needs) =>
        allowances.release(
          product,
          shares.map(({ of }) => ({ of, amount: amount(of, orders) })),
          at,
        ),
      RTE.match(
        (error) => log.warn("reservation not given back", { product, cause: describe(error) }),
        () => log.silence,
      ),
      RT.flatMap(RT.fromReaderIO<Needs, void>),
    );

/** Gives back what was reserved for orders that are not stored by this request, nor may be. */
const giveBack = (
  { at, groups }: Reservation,
  isFree: (id: OrderId) => boolean = () => true,
): RT.ReaderTask<Needs, unknown> =>
  pipe(
    groups.map((group) => ({ ...group, orders: group.orders.filter(({ order }) => isFree(order.order_id)) })),
    RA.filter(({ orders }) => orders.length > 0),
    traverseAllSteps(PRODUCTS_AT_ONCE)(release(at)),
  );

type Asked = { readonly group: Group; readonly answer: E.Either<PortError, "reserved" | Sums> };

/** @param inVain whether orders are refused already: then the sums are only looked at */
const ask =
  (at: Date, inVain: boolean) =>
  (group: Group): RT.ReaderTask<Needs, Asked> =>
    pipe(
      ({ allowances }: Needs) =>
        inVain ? allowances.sums(group.product, at) : allowances.reserve(group.product, group.shares, at),
      RT.map((answer) => ({ group, answer })),
    );

const placeOf = ({ path }: Fault): number => Number(/\d+/.exec(path)?.[0]);

export const overLimit = (faults: ReadonlyArray<Fault>): Problem => ({
  ...KINDS.overLimit,
  ...listedFaults([...faults].sort((a, b) => placeOf(a) - placeOf(b))),
});

const logRefused = (faults: ReadonlyArray<Fault>) =>
  log.warn("limits would be exceeded", { faults: faults.length, first: faults.slice(0, FAULTS_LOGGED) });

/** The reservation of all, or why nothing is stored: what was reserved in vain is given back. */
const decide = (
  at: Date,
  alone: ReadonlyArray<Fault>,
  asked: ReadonlyArray<Asked>,
): RTE.ReaderTaskEither<Needs, PortError | Problem, Reservation> => {
  const answered = asked.flatMap(({ group, answer }) =>
    E.isRight(answer) ? [{ group, answer: answer.right }] : [],
  );
  const groups = answered.flatMap(({ group, answer }) => (answer === "reserved" ? [group] : []));
  const together = answered.flatMap(({ group, answer }) =>
    answer === "reserved" ? [] : faultsOfSums(group, answer),
  );
  const faults = [...alone, ...together];
  const [error] = RA.lefts(asked.map(({ answer }) => answer));
  if (faults.length === 0 && error === undefined) return RTE.right({ at, groups });
  return pipe(
    RTE.rightReaderTask(giveBack({ at, groups })),
    RTE.tapReaderIO(() => (faults.length === 0 ? log.silence : logRefused(faults))),
    RTE.flatMap(() => RTE.left(error === undefined || faults.length > 0 ? overLimit(faults) : error)),
  );
};

/** All orders that would exceed a limit are named. What is stored already is neither refused nor counted again. */
const reserve = (orders: ReadonlyArray<PlacedOrder>): RTE.ReaderTaskEither<Needs, Problem, Reservation> =>
  pipe(
    RTE.asks(concerned(orders)),
    RTE.flatMap(newAmong),
    RTE.bindTo("fresh"),
    RTE.bindW("at", () => now),
    RTE.bindW("limits", () => RTE.asks(({ limits }: Needs) => limits)),
    RTE.let("alone", ({ fresh, limits }) => fresh.flatMap(faultsOf(limits))),
    RTE.bindW("asked", ({ at, alone, fresh, limits }) =>
      pipe(
        groupsOf(limits)(fresh),
        traverseAllSteps(PRODUCTS_AT_ONCE)(ask(at, alone.length > 0)),
        RTE.rightReaderTask,
      ),
    ),
    RTE.flatMap(({ at, alone, asked }) => decide(at, alone, asked)),
    orUnavailable("limits not checked"),
  );

const notStored = (placed: ReadonlyArray<Outcome>): ReadonlyArray<OrderId> =>
  placed.filter(({ outcome }) => outcome !== "stored").map(({ order_id }) => order_id);

/**
 * Places orders within the environment's limits: they are counted before any is stored. In doubt, as with a table that
 * does not answer, none is; and what may have been stored stays counted.
 */
export const withinLimits = <R>(
  orders: ReadonlyArray<PlacedOrder>,
  placing: RTE.ReaderTaskEither<R, Unfinished, ReadonlyArray<Outcome>>,
): RTE.ReaderTaskEither<R & Needs, Problem | Unfinished, ReadonlyArray<Outcome>> =>
  pipe(
    reserve(orders),
    RTE.flatMap((reservation) => {
      const giveBackOf = (ids: ReadonlyArray<OrderId>) => {
        const free = new Set(ids);
        return RTE.rightReaderTask(giveBack(reservation, (id) => free.has(id)));
      };
      return pipe(
        placing,
        RTE.tap((placed) => giveBackOf(notStored(placed))),
        RTE.tapError(({ placed, untouched }) => giveBackOf([...notStored(placed), ...untouched])),
        RTE.mapLeft((error): Problem | Unfinished => error),
      );
    }),
  );
