import * as E from "fp-ts/Either";
import * as t from "io-ts";

/** Says in words what a codec expects; `reporter.ts` prints it in place of the codec's name. */
const descriptions = new WeakMap<object, string>();

export const described = <C extends { readonly name: string }>(codec: C, description: string): C => {
  descriptions.set(codec, description);
  return codec;
};

export const descriptionOf = (codec: { readonly name: string }): string =>
  descriptions.get(codec) ?? codec.name;

const noSuchProperty = described(t.never, "no such property");

/** Required and optional properties and no others: an unknown one is an error, where `t.strict` drops it. */
export class ExactlyType<R extends t.Props, O extends t.Props> extends t.Type<
  t.TypeOf<t.TypeC<R>> & t.TypeOf<t.PartialC<O>>,
  t.OutputOf<t.TypeC<R>> & t.OutputOf<t.PartialC<O>>
> {
  readonly _tag = "ExactlyType";

  constructor(
    readonly required: R,
    readonly optional: O,
    name: string,
  ) {
    const codec = t.intersection([t.type(required), t.partial(optional)]);
    const unknownKeys = (value: object): ReadonlyArray<string> =>
      Object.keys(value).filter((key) => !Object.hasOwn(required, key) && !Object.hasOwn(optional, key));
    super(
      name,
      (value): value is t.TypeOf<typeof codec> => codec.is(value) && unknownKeys(value).length === 0,
      (value, context) => {
        const decoded = codec.validate(value, context);
        if (typeof value !== "object" || value === null || Array.isArray(value))
          return t.failure(value, context);
        const unknown = unknownKeys(value).map((key) => ({
          value: undefined,
          context: t.appendContext(context, key, noSuchProperty, Reflect.get(value, key)),
        }));
        if (unknown.length === 0) return decoded;
        return t.failures([...(E.isLeft(decoded) ? decoded.left : []), ...unknown]);
      },
      codec.encode,
    );
  }
}

export const exactly = <R extends t.Props, O extends t.Props>(
  required: R,
  optional: O,
  name: string,
): ExactlyType<R, O> => new ExactlyType(required, optional, name);
