/** What a function and the stack that runs it agree on. Each function has its own beside its code, in `contract.ts`. */
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as J from "fp-ts/Json";
import * as t from "io-ts";

/** What a function does with a resource. The variable of that name tells it where the resource is. */
export type Use =
  /** Single items, and queries of indexes; the variable holds the table's name. */
  | {
      readonly table: ReadonlyArray<"get" | "batch-get" | "insert" | "change" | "put" | "update">;
      readonly query?: ReadonlyArray<string>;
    }
  /** The variable holds the queue's URL. */
  | { readonly queue: ReadonlyArray<"send" | "postpone"> }
  /** The variable holds the topic's ARN. */
  | { readonly topic: ReadonlyArray<"publish"> }
  /** Objects under prefixes; the variable holds the bucket's name. */
  | { readonly bucket: { readonly put?: string; readonly get?: string } }
  /** The variable holds the parameter's name. */
  | { readonly parameter: ReadonlyArray<"get"> };

export type Uses = Readonly<Record<string, Use>>;
export type Asks = "submit" | "results" | "withdraw" | undefined;

export type Contract<N extends string, U extends Uses, S extends t.Props, A extends Asks> = {
  readonly name: N;
  /** Resources by the variables that name them. */
  readonly uses: U;
  /** Variables that say how the function works. */
  readonly settings: S;
  /** What it asks of the auction platform; the variables of `AuctionConfig` say where that is. */
  readonly auction?: A;
};

export const contract = <
  const N extends string,
  const U extends Uses,
  S extends t.Props,
  const A extends Asks = undefined,
>(
  agreed: Contract<N, U, S, A>,
): Contract<N, U, S, A> => agreed;

/** What settings in days are in. */
export const SECONDS_A_DAY = 86_400;

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

/** A value of a codec, written in a variable as JSON. Terraform would read `${` and `%{` as its own. */
export const inJson = <A>(codec: t.Type<A, unknown>): t.Type<A, string> =>
  new t.Type<A, string>(
    codec.name,
    codec.is.bind(codec),
    (input, context) =>
      pipe(
        t.string.validate(input, context),
        E.flatMap((text) =>
          pipe(
            J.parse(text),
            E.orElse(() => t.failure(input, context)),
          ),
        ),
        E.flatMap((value) => codec.validate(value, context)),
      ),
    (value) =>
      JSON.stringify(codec.encode(value)).replace(
        /[$%](?=\{)/g,
        (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`,
      ),
  );
