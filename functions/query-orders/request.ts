import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as t from "io-ts";
import { described, exactly, withSchema } from "../../lib/exactly";
import { ClientInstant, epochOf, inUtc } from "../domain/instant";
import { ORDER_IDS, OrderId } from "../domain/order";
import { type Fault, faults } from "../../lib/faults";
import { Status } from "../domain/status";
import { badRequest, type Problem } from "../http/problem";
import { Cursor, decodeCursor } from "./cursor";
import type { ListQuery } from "./query-orders";

const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 50;

const Digits = described(
  withSchema(
    new t.Type<number, string>(
      "Digits",
      t.Integer.is.bind(t.number),
      (input, context) =>
        typeof input === "string" && /^[1-9]\d{0,15}$/.test(input)
          ? t.success(Number(input))
          : t.failure(input, context),
      String,
    ),
    { type: "integer", minimum: 1 },
  ),
  "digits",
);

const Limit = described(
  withSchema(
    t.refinement(Digits, (limit) => limit <= MAX_LIMIT),
    { maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
  ),
  `a number from 1 to ${MAX_LIMIT}`,
);

export const Query = exactly(
  {},
  {
    status: described(Status, Status.name),
    delivery_from: ClientInstant,
    delivery_to: ClientInstant,
    limit: Limit,
    cursor: Cursor,
  },
  "the parameters status, delivery_from, delivery_to, limit and cursor",
);

const wrong = (found: ReadonlyArray<Fault>): Problem =>
  badRequest("The request's parameters are wrong.", found);

const decode = <A>(codec: t.Decoder<unknown, A>, input: unknown): E.Either<Problem, A> =>
  pipe(
    codec.decode(input),
    E.mapLeft((errors) => wrong(faults(errors))),
  );

type Filter = Pick<ListQuery, "status" | "delivery">;

const filterOf = ({
  status,
  delivery_from: from,
  delivery_to: to,
}: t.TypeOf<typeof Query>): E.Either<Fault, Filter> => {
  if (from !== undefined && to !== undefined && epochOf(from) >= epochOf(to))
    return E.left({
      path: "delivery_to",
      expected: "an instant after delivery_from",
      actual: "one that is not",
    });
  const delivery = {
    ...(from === undefined ? {} : { from: inUtc(from) }),
    ...(to === undefined ? {} : { to: inUtc(to) }),
  };
  return E.right({
    ...(status === undefined ? {} : { status }),
    ...(from === undefined && to === undefined ? {} : { delivery }),
  });
};

const startOf = (cursor: string | undefined, filter: Filter): E.Either<Fault, Pick<ListQuery, "after">> =>
  cursor === undefined
    ? E.right({})
    : pipe(
        decodeCursor(cursor, filter),
        E.map((after) => ({ after })),
      );

export const decodeListQuery = (parameters: unknown): E.Either<Problem, ListQuery> =>
  pipe(
    decode(Query, parameters ?? {}),
    E.flatMap((query) =>
      pipe(
        filterOf(query),
        E.bindTo("filter"),
        E.bind("start", ({ filter }) => startOf(query.cursor, filter)),
        E.bimap(
          (fault) => wrong([fault]),
          ({ filter, start }) => ({ ...filter, ...start, limit: query.limit ?? DEFAULT_LIMIT }),
        ),
      ),
    ),
  );

export const PathParameters = t.type({
  order_id: described(withSchema(Digits.pipe(OrderId), ORDER_IDS), "a positive integer up to 2^53 − 1"),
});

export const decodeOrderId = (parameters: unknown): E.Either<Problem, OrderId> =>
  pipe(
    decode(PathParameters, parameters),
    E.map(({ order_id }) => order_id),
  );
