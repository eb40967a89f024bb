import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as TE from "fp-ts/TaskEither";
import type { OrderId } from "../domain/order";
import { listed, shown } from "../domain/shown-order";
import type { Status } from "../domain/status";
import { isHalted } from "../domain/trading";
import type { FoundOrder } from "../domain/stored-order";
import { noSuchOrder, type Problem, unreadable } from "../http/problem";
import type { Capabilities, DeliverySpan, IndexPage } from "../ports/capabilities";
import type { PortError } from "../ports/errors";
import { logUnreadable } from "../ports/unreadable";
import type { Health } from "./answer";
import { encodeCursor } from "./cursor";

type Needs = Pick<Capabilities, "orders" | "trading" | "log" | "clock" | "environment">;

const get =
  (ids: ReadonlyArray<OrderId>): RTE.ReaderTaskEither<Needs, PortError, ReadonlyMap<OrderId, FoundOrder>> =>
  ({ orders }) =>
    orders.get(ids);

/** One order, with its history. */
export const findOrder = (id: OrderId): RTE.ReaderTaskEither<Needs, PortError | Problem, unknown> =>
  pipe(
    get([id]),
    RTE.map((found) => found.get(id)),
    RTE.flatMapEither(E.fromNullable<PortError | Problem>(noSuchOrder)),
    RTE.tapReaderIO((order) => logUnreadable(E.isLeft(order) ? [order.left] : [])),
    RTE.flatMapEither(E.mapLeft(() => unreadable)),
    RTE.map(shown),
  );

export type ListQuery = {
  readonly status?: Status;
  readonly delivery?: DeliverySpan;
  readonly limit: number;
  readonly after?: string;
};

/** With a span of deliveries, the orders of another status are read, too, and left out of the page. */
const list =
  ({ status, delivery, ...query }: ListQuery): RTE.ReaderTaskEither<Needs, PortError, IndexPage> =>
  ({ orders }) => {
    const of = delivery ?? status;
    return orders.list({ ...query, ...(of === undefined ? {} : { of }) });
  };

/** A page of orders, each as it stands now. One that has another status by now belongs to another list. */
export const listOrders = (query: ListQuery): RTE.ReaderTaskEither<Needs, PortError, unknown> =>
  pipe(
    list(query),
    RTE.bindTo("page"),
    RTE.bind("found", ({ page }) => get(page.ids)),
    RTE.map(({ page: { ids, next }, found }) => ({
      ...RA.separate(ids.flatMap((id) => found.get(id) ?? [])),
      next,
    })),
    RTE.tapReaderIO(({ left }) => logUnreadable(left)),
    RTE.map(({ right, next }) => ({
      orders: right.filter(({ status }) => query.status === undefined || status === query.status).map(listed),
      ...(next === undefined ? {} : { cursor: encodeCursor(query, next) }),
    })),
  );

/** Whether the tables answer, and whether trading is halted. */
export const checkHealth: RTE.ReaderTaskEither<Needs, PortError, Health> = ({ orders, trading }) =>
  pipe(
    orders.ping,
    TE.flatMap(() => trading.state),
    TE.map((state): Health => {
      if (!isHalted(state)) return { status: "ok" };
      const { since, reason, intake } = state;
      return { status: "ok", halted: { since, reason, intake } };
    }),
  );
