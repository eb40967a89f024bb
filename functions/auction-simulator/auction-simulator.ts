import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import { isTestOrder, type Order, type OrderId, sameContent } from "../domain/order";
import { OTHER_KINDS } from "../http/kinds";
import type { Problem } from "../http/problem";
import type { Capabilities } from "../ports/capabilities";
import { now } from "../ports/clock";
import type { PortError } from "../ports/errors";
import * as log from "../ports/log";
import { type Auction, award, decidedAt, finalAt, isRefused, verdict } from "./verdicts";
import type { Entry } from "./entry";
import type { Ledger } from "./ledger";

type Needs = Pick<Capabilities, "clock" | "log"> & { readonly ledger: Ledger; readonly auction: Auction };

type Outcome = Omit<Entry, keyof Order | "idempotency_key" | "decided_at">;

/** A test order is accepted at once and as it is, so that one of them shows that the way to the archive is open. */
const outcome = (order: Order, decided: Date, auction: Auction): Outcome => {
  if (isTestOrder(order)) return { status: "accepted" };
  if (isRefused(auction, order.order_id)) return { status: "refused" };
  const status = verdict(auction, order.order_id);
  const final = finalAt(auction, order.order_id, decided);
  return {
    status,
    ...award(auction, order, status),
    ...(final === undefined ? {} : { final_at: final.toISOString() }),
  };
};

const draw = (order: Order, idempotencyKey: string, now: Date, auction: Auction): Entry => {
  const decided = decidedAt(auction, order.order_id, now);
  return {
    ...order,
    idempotency_key: idempotencyKey,
    ...outcome(order, decided, auction),
    decided_at: decided.toISOString(),
  };
};

const other: Problem = {
  ...OTHER_KINDS.idTaken,
  detail: "Another order was submitted under this id or this idempotency key.",
};

const notTraded: Problem = {
  ...OTHER_KINDS.refused,
  detail: "The product is not traded in this auction.",
};

const entryFor = (order: Order, idempotencyKey: string): RTE.ReaderTaskEither<Needs, PortError, Entry> =>
  pipe(
    now,
    RTE.flatMap(
      (at) =>
        ({ ledger, auction }: Needs) =>
          ledger.enter(draw(order, idempotencyKey, at, auction)),
    ),
  );

/** Enters an order; the same order under the same key again is the same entry. */
export const enter = (
  order: Order,
  idempotencyKey: string,
): RTE.ReaderTaskEither<Needs, PortError | Problem, Order> =>
  pipe(
    entryFor(order, idempotencyKey),
    RTE.flatMapEither((entry): E.Either<PortError | Problem, Order> => {
      if (entry.idempotency_key !== idempotencyKey || !sameContent(entry, order)) return E.left(other);
      return entry.status === "refused" ? E.left(notTraded) : E.right(order);
    }),
    RTE.tapReaderIO(({ order_id }) => log.info("order entered", { order_id })),
  );

const notGivenBack: Problem = {
  ...OTHER_KINDS.notGivenBack,
  detail: "The auction never had this order to decide, or its result is out.",
};

/** Gives an order back, so that it gets no result; again and again, where it is asked again. */
export const withdraw = (
  order_id: OrderId,
): RTE.ReaderTaskEither<Needs, PortError | Problem, { readonly order_id: OrderId }> =>
  pipe(
    now,
    RTE.flatMap(
      (at) =>
        ({ ledger }: Needs) =>
          ledger.withdraw(order_id, at),
    ),
    RTE.filterOrElseW(
      (isWithdrawn) => isWithdrawn,
      () => notGivenBack,
    ),
    RTE.tapReaderIO(() => log.info("order withdrawn", { order_id })),
    RTE.as({ order_id }),
  );

type Query = { readonly cursor?: string; readonly limit: number };

/** A page of results, as the auction platform's contract has it. */
export const results = (query: Query): RTE.ReaderTaskEither<Needs, PortError, unknown> =>
  pipe(
    now,
    RTE.flatMap(
      (at) =>
        ({ ledger, auction }: Needs) =>
          ledger.results({ ...query, now: at, longestDelayMs: auction.delaySeconds.max * 1_000 }),
    ),
    RTE.tapReaderIO(({ datedAhead: count }) =>
      count === 0
        ? log.silence
        : log.warn("clock moved", { found: "results dated later than any that could be", count }),
    ),
    RTE.map(({ results: out, cursor }) => ({
      results: out.length > 0,
      orders: out.map(({ order_id, product, status, power, ...more }) => ({
        order_id,
        product,
        status,
        power,
        ...more,
      })),
      ...(cursor === undefined ? {} : { cursor }),
    })),
  );
