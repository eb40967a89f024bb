import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import type * as RTE from "fp-ts/ReaderTaskEither";
import * as TE from "fp-ts/TaskEither";
import type { OrderId } from "../domain/order";
import type { Status } from "../domain/status";
import type { FoundOrder, StoredOrder } from "../domain/stored-order";
import type { Problem } from "../http/problem";
import type { Capabilities } from "../ports/capabilities";
import type { PortError } from "../ports/errors";
import { logUnreadable } from "../ports/unreadable";
import { encodeCursor } from "./cursor";

/** An order as the API shows it. */
export type ShownOrder = Pick<
  StoredOrder,
  "order_id" | "product" | "power" | "status" | "received_at" | "submitted_at" | "decided_at" | "reason"
>;

/** A property that is not there yet is left out of the JSON. */
const shown = ({
  order_id,
  product,
  power,
  status,
  received_at,
  submitted_at,
  decided_at,
  reason,
}: StoredOrder): Record<keyof ShownOrder, unknown> => ({
  order_id,
  product,
  power,
  status,
  received_at,
  submitted_at,
  decided_at,
  reason,
});

type Needs = Pick<Capabilities, "orders" | "log" | "clock" | "environment">;

const notFound: Problem = {
  status: 404,
  title: "There is no such order",
  detail: "No order has this id, or it was decided so long ago that only the archive has it.",
};

/** Not a 503: asking again would not help. */
const unreadable: Problem = {
  status: 500,
  title: "The stored order cannot be read",
  detail:
    "An order is stored under this id, but not as this API stores orders. It is reported to those who run the platform; asking again does not help.",
};

/** One order. */
export const findOrder =
  (id: OrderId): RTE.ReaderTaskEither<Needs, PortError | Problem, unknown> =>
  (needs) =>
    pipe(
      needs.orders.get([id]),
      TE.flatMap((found): TE.TaskEither<PortError | Problem, FoundOrder> => {
        const order = found.get(id);
        return order === undefined ? TE.left(notFound) : TE.right(order);
      }),
      TE.tapIO((order) => logUnreadable(E.isLeft(order) ? [order.left] : [])(needs)),
      TE.flatMapEither(E.mapLeft(() => unreadable)),
      TE.map(shown),
    );

export type ListQuery = { readonly status?: Status; readonly limit: number; readonly after?: string };

/** A page of orders, each as it stands now. One that has another status by now belongs to another list. */
export const listOrders =
  ({ status, limit, after }: ListQuery): RTE.ReaderTaskEither<Needs, PortError, unknown> =>
  (needs) =>
    pipe(
      needs.orders.list({
        limit,
        ...(status === undefined ? {} : { status }),
        ...(after === undefined ? {} : { after }),
      }),
      TE.bindTo("page"),
      TE.bind("found", ({ page }) => needs.orders.get(page.ids)),
      TE.map(({ page: { ids, next }, found }) => ({
        ...RA.separate(ids.flatMap((id) => found.get(id) ?? [])),
        next,
      })),
      TE.tapIO(({ left }) => logUnreadable(left)(needs)),
      TE.map(({ right, next }) => ({
        orders: right.filter((order) => status === undefined || order.status === status).map(shown),
        ...(next === undefined ? {} : { cursor: encodeCursor(status, next) }),
      })),
    );
