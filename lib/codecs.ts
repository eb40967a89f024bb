/** Small codecs, named by what they expect: the reporter of faults prints that name. */
import * as E from "fp-ts/Either";
import * as t from "io-ts";

/** One value or a list of at least one; always a list once decoded. */
export const oneOrMany = <A>(one: t.Type<A, unknown>, name: string): t.Type<ReadonlyArray<A>, unknown> =>
  new t.Type<ReadonlyArray<A>, unknown>(
    name,
    (value): value is ReadonlyArray<A> => Array.isArray(value) && value.length > 0 && value.every(one.is),
    (value, context) => {
      if (!Array.isArray(value)) {
        const decoded = one.validate(value, context);
        return E.isRight(decoded) ? t.success([decoded.right]) : t.failure(value, context);
      }
      return value.length === 0 ? t.failure(value, context) : t.readonlyArray(one).validate(value, context);
    },
    (values) => values.map(one.encode),
  );

/** A string of a stated form. */
export const stringOf = (name: string, accepts: (value: string) => boolean): t.Type<string, unknown> =>
  t.refinement(t.string, accepts, name);

/** A number in a stated range. */
export const numberOf = (name: string, accepts: (value: number) => boolean): t.Type<number, unknown> =>
  t.refinement(t.number, accepts, name);
