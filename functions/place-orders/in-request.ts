import { pipe } from "fp-ts/function";
import type * as RTE from "fp-ts/ReaderTaskEither";
import * as TE from "fp-ts/TaskEither";
import type { PlacedOrder } from "../domain/order";
import type { Capabilities } from "../ports/capabilities";
import type { PortError } from "../ports/errors";

/** An order with its place in the request. */
export type InRequest = { readonly index: number; readonly order: PlacedOrder };

export const inRequest = (orders: ReadonlyArray<PlacedOrder>): ReadonlyArray<InRequest> =>
  orders.map((order, index) => ({ index, order }));

/**
 * Those whose ids are free. What is stored already is refused by no later rule: a request that is repeated gets the
 * answer that it got.
 */
export const newAmong =
  (
    some: ReadonlyArray<InRequest>,
  ): RTE.ReaderTaskEither<Pick<Capabilities, "orders">, PortError, ReadonlyArray<InRequest>> =>
  ({ orders }) =>
    some.length === 0
      ? TE.right([])
      : pipe(
          orders.get(some.map(({ order }) => order.order_id)),
          TE.map((found) => some.filter(({ order }) => !found.has(order.order_id))),
        );
