import * as E from "fp-ts/Either";
import * as t from "io-ts";

/** Says in words what a codec expects; `reporter.ts` prints it in place of the codec's name. */
const descriptions = new WeakMap<object, string>();

export const described = <C extends { readonly name: string }>(codec: C, description: string): C => {
  descriptions.set(codec, description);
  return codec;
};

export const describes = (codec: object): boolean => descriptions.has(codec);

export const descriptionOf = (codec: { readonly name: string }): string =>
  descriptions.get(codec) ?? codec.name;

/** What JSON Schema can say of a codec that no walk of it finds: the limits that its refinement is a function of. */
const schemas = new WeakMap<object, object>();

export const withSchema = <C extends object>(codec: C, schema: object): C => {
  schemas.set(codec, schema);
  return codec;
};

export const schemaOf = (codec: object): object | undefined => schemas.get(codec);

/** The words that a codec of strings takes, where they can be listed. */
const words = new WeakMap<object, ReadonlyArray<string>>();

export const ofWords = <C extends object>(codec: C, alternatives: ReadonlyArray<string>): C => {
  words.set(codec, alternatives);
  return codec;
};

export const wordsOf = (codec: object): ReadonlyArray<string> => words.get(codec) ?? [];

export const noSuchProperty = described(t.never, "no such property");

/** Required and optional properties and no others: an unknown one is an error, where `t.strict` drops it. */
export class ExactlyType<R extends t.Props, O extends t.Props> extends t.Type<
  t.TypeOf<t.TypeC<R>> & t.TypeOf<t.PartialC<O>>,
  t.OutputOf<t.TypeC<R>> & t.OutputOf<t.PartialC<O>>
> {
  readonly _tag = "ExactlyType";
  /** Of all properties it knows. */
  readonly keys: ReadonlyArray<string>;

  constructor(
    readonly required: R,
    readonly optional: O,
    name: string,
  ) {
    const must = t.type(required);
    const may = t.partial(optional);
    const unknownKeys = (value: object): ReadonlyArray<string> =>
      Object.keys(value).filter((key) => !Object.hasOwn(required, key) && !Object.hasOwn(optional, key));
    const is = (value: unknown): value is t.TypeOf<t.TypeC<R>> & t.TypeOf<t.PartialC<O>> =>
      must.is(value) && may.is(value) && unknownKeys(value).length === 0;
    super(
      name,
      is,
      (value, context) => {
        if (typeof value !== "object" || value === null || Array.isArray(value))
          return t.failure(value, context);
        const musts = must.validate(value, context);
        // Each passes on the properties it does not know: what comes out of the second is decoded by both.
        const both: t.Validation<unknown> = may.validate(E.isRight(musts) ? musts.right : value, context);
        const unknown = unknownKeys(value).map((key) => ({
          value: undefined,
          context: t.appendContext(context, key, noSuchProperty, Reflect.get(value, key)),
        }));
        if (E.isRight(musts) && E.isRight(both) && is(both.right)) return t.success(both.right);
        return t.failures([
          ...(E.isLeft(musts) ? musts.left : []),
          ...(E.isLeft(both) ? both.left : []),
          ...unknown,
        ]);
      },
      (value) => ({ ...may.encode(value), ...must.encode(value) }),
    );
    this.keys = [...Object.keys(required), ...Object.keys(optional)];
  }
}

export const exactly = <R extends t.Props, O extends t.Props>(
  required: R,
  optional: O,
  name: string,
): ExactlyType<R, O> => new ExactlyType(required, optional, name);
