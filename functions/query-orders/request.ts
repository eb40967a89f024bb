import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as t from "io-ts";
import { described, exactly, withSchema } from "../../lib/exactly";
import { ClientInstant, epochOf, inUtc } from "../domain/instant";
import type { Fault } from "../../lib/faults";
import { Status } from "../domain/status";
import { decodeParameters, Digits } from "../http/order-id";
import { badRequest, type Problem } from "../http/problem";
import { Cursor, decodeCursor } from "./cursor";
import type { ListQuery } from "./query-orders";

const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 50;

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
    decodeParameters(Query, parameters ?? {}),
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
