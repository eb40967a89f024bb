import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as t from "io-ts";
import { described, exactly, withSchema } from "../../lib/exactly";
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
  { status: described(Status, Status.name), limit: Limit, cursor: Cursor },
  "the parameters status, limit and cursor",
);

const wrong = (found: ReadonlyArray<Fault>): Problem =>
  badRequest("The request's parameters are wrong.", found);

const decode = <A>(codec: t.Decoder<unknown, A>, input: unknown): E.Either<Problem, A> =>
  pipe(
    codec.decode(input),
    E.mapLeft((errors) => wrong(faults(errors))),
  );

export const decodeListQuery = (parameters: unknown): E.Either<Problem, ListQuery> =>
  pipe(
    decode(Query, parameters ?? {}),
    E.flatMap(({ status, limit = DEFAULT_LIMIT, cursor }) =>
      pipe(
        cursor === undefined
          ? E.right({})
          : pipe(
              decodeCursor(cursor, status),
              E.map((after) => ({ after })),
            ),
        E.bimap(
          (fault) => wrong([fault]),
          (from) => ({ limit, ...(status === undefined ? {} : { status }), ...from }),
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
