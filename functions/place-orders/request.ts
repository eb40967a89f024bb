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
const WithoutStatus = t.type({ orders: t.readonlyArray(PlacedOrder) });

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

/** Normalised before anything is compared or stored: texts that look the same are the same. */
const inNfc = ({ product, reference, ...order }: t.TypeOf<typeof SubmittedOrder>) => ({
  ...order,
  product: product.normalize("NFC"),
  ...(reference === undefined ? {} : { reference: reference.normalize("NFC") }),
});

/**
 * Nothing is trimmed in silence: an end that nobody sees is a mistake of who sent it. Looked for in whatever came, so
 * that it is told with the other faults.
 */
const blanks = (order: unknown, index: number): ReadonlyArray<Fault> =>
  ["product", "reference"].flatMap((property) => {
    const text = t.UnknownRecord.is(order) ? order[property] : undefined;
    if (!t.string.is(text) || text === text.trim() || text.trim() === "") return [];
    const at = text === text.trimStart() ? Array.from(text.trimEnd()).length + 1 : 1;
    return [
      {
        path: `orders[${index}].${property}`,
        expected: "a text without blanks around it",
        actual: `a blank as character ${at}`,
      },
    ];
  });

/** What single properties do not show. */
const contradictions = (orders: ReadonlyArray<PlacedOrder>): ReadonlyArray<Fault> =>
  orders.flatMap((order, index) =>
    deliveryFaults(order).map(({ property, ...fault }) => ({
      path: `orders[${index}].${property}`,
      ...fault,
    })),
  );

/** The faults of a request of which nothing is stored. */
export const listedFaults = (found: ReadonlyArray<Fault>) => ({
  detail:
    found.length >= FAULTS_REPORTED
      ? `The first ${FAULTS_REPORTED} faults are listed.`
      : "Nothing was stored.",
  errors: found.slice(0, FAULTS_REPORTED),
});

export const refused = (found: ReadonlyArray<Fault>): Problem => {
  const { detail, errors } = listedFaults(found);
  return badRequest(detail, errors);
};

const decode = <A>(codec: t.Decoder<unknown, A>, body: unknown): E.Either<Problem, A> =>
  pipe(
    codec.decode(body),
    E.mapLeft((errors) => refused(faults(errors))),
  );

/** The orders as the original system posted them. */
const Record = t.type({ record_id: t.unknown });

const ofOriginal = badRequest(
  'Expected {"orders": [{"order_id": 1, "product": "Product1", "power": 2}]}, got a list of records. Nothing was stored.',
);

const envelope = (body: unknown) =>
  t.UnknownArray.is(body) && Record.is(body[0]) ? E.left(ofOriginal) : decode(Envelope, body);

/** The orders of a request body, or everything that is wrong with it. */
export const decodeOrders = (body: unknown): E.Either<Problem, ReadonlyArray<PlacedOrder>> =>
  pipe(
    envelope(body),
    E.flatMap((list) =>
      pipe(
        Orders.decode(list),
        E.mapLeft((errors) => refused([...faults(errors), ...list.orders.flatMap(blanks)])),
      ),
    ),
    E.flatMap(({ orders }) => decode(WithoutStatus, { orders: orders.map(inNfc) })),
    E.map(({ orders }) => orders),
    E.flatMap((orders) => {
      const wrong = [...orders.flatMap(blanks), ...repeated(orders), ...contradictions(orders)];
      return wrong.length === 0 ? E.right(orders) : E.left(refused(wrong));
    }),
  );
