import { pipe } from "fp-ts/function";
import type * as RTE from "fp-ts/ReaderTaskEither";
import * as TE from "fp-ts/TaskEither";
import type { OrderId } from "../domain/order";
import { type Status, STATUSES } from "../domain/status";
import type { StoredOrder } from "../domain/stored-order";
import type { Capabilities } from "../ports/capabilities";
import type { PortError } from "../ports/errors";

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

type Needs = Pick<Capabilities, "orders">;

/** One order; undefined where there is none. */
export const findOrder =
  (id: OrderId): RTE.ReaderTaskEither<Needs, PortError, unknown> =>
  ({ orders }) =>
    pipe(
      orders.get([id]),
      TE.map((found) => found.get(id)),
      TE.map((order) => (order === undefined ? undefined : shown(order))),
    );

export type ListQuery = { readonly status?: Status; readonly limit: number; readonly after?: string };

/** A page of orders, newest change first. */
export const listOrders =
  ({ status, limit, after }: ListQuery): RTE.ReaderTaskEither<Needs, PortError, unknown> =>
  ({ orders }) =>
    pipe(
      orders.list({
        statuses: status === undefined ? STATUSES : [status],
        limit,
        ...(after === undefined ? {} : { after }),
      }),
      TE.map((page) => ({
        orders: page.orders.map(shown),
        ...(page.next === undefined ? {} : { cursor: Buffer.from(page.next).toString("base64url") }),
      })),
    );
