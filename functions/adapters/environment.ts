import { isLeft } from "fp-ts/Either";
import * as t from "io-ts";
import { faults } from "../../lib/faults";

/** A whole number of seconds, days or orders, written in a variable. */
export const WholeNumber = new t.Type<number, string>(
  "a whole number",
  t.Integer.is.bind(t.number),
  (input, context) => {
    const number = typeof input === "string" && /^\d{1,15}$/.test(input) ? Number(input) : Number.NaN;
    return Number.isNaN(number) ? t.failure(input, context) : t.success(number);
  },
  String,
);

/** A share of a whole, 0 to 1. */
export const Share = new t.Type<number, string>(
  "a number from 0 to 1",
  t.number.is.bind(t.number),
  (input, context) => {
    const number = typeof input === "string" && input.trim() !== "" ? Number(input) : Number.NaN;
    return number >= 0 && number <= 1 ? t.success(number) : t.failure(input, context);
  },
  String,
);

/**
 * The function's environment variables, decoded when it starts.
 * @throws naming each variable that is wrong, never its value; the function then fails to start, loudly
 */
export const environmentOf = <A>(codec: t.Decoder<unknown, A>): A => {
  const decoded = codec.decode(process.env);
  if (isLeft(decoded)) {
    const lines = faults(decoded.left).map(
      ({ path, expected, actual }) => `${path} (expected ${expected}, got ${actual})`,
    );
    throw new Error(`The function's environment variables are wrong: ${lines.join(", ")}`);
  }
  return decoded.right;
};
