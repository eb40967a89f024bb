import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as t from "io-ts";
import { described, withSchema } from "../../lib/exactly";
import { faults } from "../../lib/faults";
import { ORDER_IDS, OrderId } from "../domain/order";
import { badRequest, type Problem } from "./problem";

/** A number in a path or a query. */
export const Digits = described(
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

/** Of the routes of one order. */
export const PathParameters = t.type({
  order_id: described(withSchema(Digits.pipe(OrderId), ORDER_IDS), "a positive integer up to 2^53 − 1"),
});

export const decodeParameters = <A>(codec: t.Decoder<unknown, A>, input: unknown): E.Either<Problem, A> =>
  pipe(
    codec.decode(input),
    E.mapLeft((errors) => badRequest("The request's parameters are wrong.", faults(errors))),
  );

export const decodeOrderId = (parameters: unknown): E.Either<Problem, OrderId> =>
  pipe(
    decodeParameters(PathParameters, parameters),
    E.map(({ order_id }) => order_id),
  );
