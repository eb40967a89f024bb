import fc from "fast-check";
import * as t from "io-ts";
import { ExactlyType } from "../../lib/exactly";

/**
 * An arbitrary of a codec's values, found by walking the codec: what a property is tried on is what the codec
 * says, not what a test's author thought of.
 */

type Walkable = t.Type<unknown, unknown> & {
  readonly _tag?: string | undefined;
  readonly props?: Readonly<Record<string, Walkable>>;
  readonly types?: ReadonlyArray<Walkable>;
  readonly type?: Walkable;
  readonly codomain?: Walkable;
  readonly keys?: Readonly<Record<string, unknown>>;
  readonly value?: unknown;
};

/** Any text of Unicode. fast-check's own `unit: "binary"` takes half a second to list all of its characters. */
export const unicodeText = fc.string({
  unit: fc
    .integer({ min: 0, max: 0x10_ff_ff - 0x800 })
    .map((at) => String.fromCodePoint(at < 0xd8_00 ? at : at + 0x800)),
});

/** Values at the edges that a uniform draw rarely meets. */
const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, 1, -1, 0.5, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 53),
);
const string = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 80 }),
  fc.constantFrom(
    "",
    "a",
    "x".repeat(64),
    "x".repeat(65),
    "é😀",
    "2026-03-29T12:00:00+02:00",
    "2026-03-29T10:00:00.000Z",
    "results/raw/dt=2026-01-01/run-1-00000-0.json",
    "-41.10",
    "EUR",
  ),
);

const record = (props: Readonly<Record<string, Walkable>>, requiredKeys: string[]): fc.Arbitrary<unknown> =>
  fc.record(Object.fromEntries(Object.entries(props).map(([key, codec]) => [key, walk(codec)])), {
    requiredKeys,
  });

const walk = (codec: Walkable): fc.Arbitrary<unknown> => {
  if (codec instanceof ExactlyType) {
    const { required, optional } = codec as unknown as {
      required: Record<string, Walkable>;
      optional: Record<string, Walkable>;
    };
    return record({ ...optional, ...required }, Object.keys(required));
  }
  switch (codec._tag ?? "") {
    case "NumberType":
      return number;
    case "StringType":
      return string;
    case "BooleanType":
      return fc.boolean();
    case "NullType":
      return fc.constant(null);
    case "UnknownType":
      return fc.jsonValue();
    case "AnyArrayType":
      return fc.array(fc.jsonValue(), { maxLength: 5 });
    case "LiteralType":
      return fc.constant(codec.value);
    case "KeyofType":
      return fc.constantFrom(...Object.keys(codec.keys ?? {}));
    case "InterfaceType":
      return record(codec.props ?? {}, Object.keys(codec.props ?? {}));
    case "PartialType":
      return record(codec.props ?? {}, []);
    case "ArrayType":
    case "ReadonlyArrayType":
      return fc.array(walk(codec.type ?? t.unknown), { minLength: 1, maxLength: 5 });
    case "ExactType":
      return walk(codec.type ?? t.unknown);
    case "RefinementType":
      return walk(codec.type ?? t.unknown).filter((value) => codec.is(value));
    case "UnionType":
      return fc.oneof(...(codec.types ?? []).map(walk));
    case "IntersectionType":
      return fc
        .tuple(...(codec.types ?? []).map(walk))
        .map((parts) => Object.assign({}, ...(parts as object[])) as unknown);
    default:
      throw new Error(`no arbitrary for the codec ${codec.name}`);
  }
};

export const arbitrary = <A>(codec: t.Type<A, unknown>): fc.Arbitrary<A> =>
  walk(codec as unknown as Walkable).filter((value): value is A => codec.is(value));

/** What a message may hold: a text of whatever kind, JSON or not. */
export const anyText = fc.oneof(
  fc.string(),
  fc.jsonValue().map((value) => JSON.stringify(value)),
);
