import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as t from "io-ts";
import { described, exactly, withSchema } from "../../lib/exactly";
import { deliveryFaults } from "../domain/delivery";
import { PlacedOrder, SubmittedOrder } from "../domain/order";
import { type Fault, FAULTS_REPORTED, faults } from "../../lib/faults";
import { badRequest, type Problem } from "../http/problem";

const MAX_ORDERS = 1_000;

/** The list's length is checked before its orders are: a million faulty orders are one fault, not a million. */
const Envelope = exactly(
  {
    orders: described(
      withSchema(
        t.refinement(t.UnknownArray, ({ length }) => length >= 1 && length <= MAX_ORDERS),
        { minItems: 1, maxItems: MAX_ORDERS },
      ),
      `a list of 1 to ${MAX_ORDERS} orders`,
    ),
  },
  {},
  'an object {"orders": […]}',
);

const Orders = t.type({ orders: t.readonlyArray(SubmittedOrder) });

/** The status that a client may send is the platform's, and goes. */
const WithoutStatus = t.readonlyArray(PlacedOrder);

/** The body of `POST /orders`. */
export const PlaceOrders = t.intersection([Envelope, Orders]);

const repeated = (orders: ReadonlyArray<PlacedOrder>): ReadonlyArray<Fault> => {
  const first = new Map<number, number>();
  return orders.flatMap(({ order_id }, index) => {
    const earlier = first.get(order_id);
    if (earlier === undefined) {
      first.set(order_id, index);
      return [];
    }
    return [
      {
        path: `orders[${index}].order_id`,
        expected: "an id that no other order of the request has",
        actual: `the id of orders[${earlier}]`,
      },
    ];
  });
};

/** What single properties do not show. */
const contradictions = (orders: ReadonlyArray<PlacedOrder>): ReadonlyArray<Fault> =>
  orders.flatMap((order, index) =>
    deliveryFaults(order).map(({ property, ...fault }) => ({
      path: `orders[${index}].${property}`,
      ...fault,
    })),
  );

export const refused = (found: ReadonlyArray<Fault>): Problem =>
  badRequest(
    found.length >= FAULTS_REPORTED
      ? `The first ${FAULTS_REPORTED} faults are listed.`
      : "Nothing was stored.",
    found.slice(0, FAULTS_REPORTED),
  );

const decode = <A>(codec: t.Decoder<unknown, A>, body: unknown): E.Either<Problem, A> =>
  pipe(
    codec.decode(body),
    E.mapLeft((errors) => refused(faults(errors))),
  );

/** The orders of a request body, or everything that is wrong with it. */
export const decodeOrders = (body: unknown): E.Either<Problem, ReadonlyArray<PlacedOrder>> =>
  pipe(
    decode(Envelope, body),
    E.flatMap((envelope) => decode(Orders, envelope)),
    E.flatMap(({ orders }) => decode(WithoutStatus, orders)),
    E.flatMap((orders) => {
      const wrong = [...repeated(orders), ...contradictions(orders)];
      return wrong.length === 0 ? E.right(orders) : E.left(refused(wrong));
    }),
  );
