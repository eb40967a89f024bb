/** Codecs that say where an input is wrong; shared by the policy documents and the fault plan. */
import * as E from "fp-ts/Either";
import * as t from "io-ts";

const noSuchProperty = new t.Type<never>(
  "no such property",
  (value): value is never => value === null && false,
  t.failure,
  (value) => value,
);

const keysOf = (value: unknown): ReadonlyArray<string> =>
  typeof value === "object" && value !== null ? Object.keys(value) : [];

/** Required and optional properties and no others: what nobody reads must not look obeyed. */
export const exactly = <R extends t.Props, O extends t.Props>(required: R, optional: O, name: string) => {
  const codec = t.intersection([t.type(required), t.partial(optional)]);
  const unknownKeys = (value: unknown): ReadonlyArray<string> =>
    keysOf(value).filter((key) => !Object.hasOwn(required, key) && !Object.hasOwn(optional, key));
  return new t.Type<t.TypeOf<typeof codec>, t.OutputOf<typeof codec>>(
    name,
    (value): value is t.TypeOf<typeof codec> => codec.is(value) && unknownKeys(value).length === 0,
    (value, context) => {
      if (typeof value !== "object" || value === null || Array.isArray(value))
        return t.failure(value, context);
      const unknown = unknownKeys(value).map((key) => ({
        value: undefined,
        context: t.appendContext(context, key, noSuchProperty),
      }));
      // Named as the intersection it is, so that its members are told from properties in a fault's path.
      const decoded = codec.validate(
        value,
        t.appendContext(context.slice(0, -1), context.at(-1)?.key ?? "", codec),
      );
      if (unknown.length === 0) return decoded;
      return t.failures([...(E.isLeft(decoded) ? decoded.left : []), ...unknown]);
    },
    codec.encode,
  );
};

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
  new t.Type<string, unknown>(
    name,
    (value): value is string => typeof value === "string" && accepts(value),
    (value, context) =>
      typeof value === "string" && accepts(value) ? t.success(value) : t.failure(value, context),
    (value) => value,
  );

/** A number in a stated range. */
export const numberOf = (name: string, accepts: (value: number) => boolean): t.Type<number, unknown> =>
  new t.Type<number, unknown>(
    name,
    (value): value is number => typeof value === "number" && accepts(value),
    (value, context) =>
      typeof value === "number" && accepts(value) ? t.success(value) : t.failure(value, context),
    (value) => value,
  );

/** `path`: property names and `[index]`es from the root, "" for the root itself. */
export type Fault = { readonly path: string; readonly expected: string };

const isMember = (entry: t.ContextEntry | undefined): boolean =>
  entry !== undefined && entry.type instanceof t.IntersectionType;

/** io-ts lists the place of a member in its intersection as a key; a person sees none there. */
const faultOf = ({ context }: t.ValidationError): Fault => {
  const union = context.findIndex(({ type }) => type instanceof t.UnionType);
  const shown = union === -1 ? context : context.slice(0, union + 1);
  const path = shown
    .filter(({ key }, index) => key !== "" && !isMember(shown[index - 1]))
    .map(({ key }) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`))
    .join("")
    .replace(/^\./, "");
  return { path, expected: shown.at(-1)?.type.name ?? "something else" };
};

/** Each path once, in the order of the input. */
export const faultsOf = (errors: t.Errors): ReadonlyArray<Fault> => [
  ...new Map(errors.map(faultOf).map((fault) => [fault.path, fault])).values(),
];
