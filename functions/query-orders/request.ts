import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as t from "io-ts";
import { described, exactly } from "../../lib/exactly";
import { OrderId } from "../domain/order";
import { faults } from "../../lib/faults";
import { Status } from "../domain/status";
import { badRequest, type Problem } from "../http/problem";
import type { ListQuery } from "./query-orders";

const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 50;

const Digits = described(
  new t.Type<number, string>(
    "Digits",
    t.Integer.is.bind(t.number),
    (input, context) =>
      typeof input === "string" && /^[1-9]\d{0,15}$/.test(input)
        ? t.success(Number(input))
        : t.failure(input, context),
    String,
  ),
  "digits",
);

const Limit = described(
  t.refinement(Digits, (limit) => limit <= MAX_LIMIT),
  `a number from 1 to ${MAX_LIMIT}`,
);

/** Where a page ended: a time and an order id. What it looks like is nobody's business but ours. */
const Cursor = described(
  new t.Type<string, string>(
    "Cursor",
    t.string.is.bind(t.string),
    (input, context) => {
      const text = typeof input === "string" ? Buffer.from(input, "base64url").toString() : "";
      return /^\d{4}-\d\d-\d\dT[\d:.]+Z#\d+$/.test(text) ? t.success(text) : t.failure(input, context);
    },
    (text) => Buffer.from(text).toString("base64url"),
  ),
  "a cursor as an earlier answer gave it",
);

const Query = exactly(
  {},
  { status: described(Status, "received, submitted, accepted or rejected"), limit: Limit, cursor: Cursor },
  "the parameters status, limit and cursor",
);

const decode = <A>(codec: t.Decoder<unknown, A>, input: unknown): E.Either<Problem, A> =>
  pipe(
    codec.decode(input),
    E.mapLeft((errors) => badRequest("The request's parameters are wrong.", faults(errors))),
  );

export const decodeListQuery = (parameters: unknown): E.Either<Problem, ListQuery> =>
  pipe(
    decode(Query, parameters ?? {}),
    E.map(({ status, limit, cursor }) => ({
      limit: limit ?? DEFAULT_LIMIT,
      ...(status === undefined ? {} : { status }),
      ...(cursor === undefined ? {} : { after: cursor }),
    })),
  );

const PathParameters = t.type({
  order_id: described(Digits.pipe(OrderId), "a positive integer up to 2^53 − 1"),
});

export const decodeOrderId = (parameters: unknown): E.Either<Problem, OrderId> =>
  pipe(
    decode(PathParameters, parameters),
    E.map(({ order_id }) => order_id),
  );
