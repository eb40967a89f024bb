/** JSON Schemas of io-ts codecs, found by walking them. What no walk finds, a codec carries (`withSchema`). */
import { isDeepStrictEqual } from "node:util";
import * as t from "io-ts";
import { describes, descriptionOf, type ExactlyType, schemaOf } from "../../lib/exactly";
import { Ended, failure } from "../../lib/command";

export type Schema = Readonly<Record<string, unknown>>;

/** The codecs that a walk understands, by their tags. */
type Walkable =
  | t.StringType
  | t.NumberType
  | t.BooleanType
  | t.UnknownType
  | t.AnyArrayType
  | t.LiteralType<string | number | boolean>
  | t.KeyofType<Readonly<Record<string, unknown>>>
  | t.InterfaceType<t.Props>
  | t.PartialType<t.Props>
  | t.ExactType<t.Mixed>
  | t.ReadonlyType<t.Mixed>
  | t.RefinementType<t.Mixed>
  | t.ArrayType<t.Mixed>
  | t.ReadonlyArrayType<t.Mixed>
  | t.UnionType<t.Mixed[]>
  | t.IntersectionType<t.Mixed[]>
  | ExactlyType<t.Props, t.Props>;

const isTagged = (codec: object): codec is Walkable => "_tag" in codec;

/** Whether properties that are not known may come: a client has to bear them, a test of ours must not. */
export type Answers = "open" | "closed";

/** Both schemas in one, as far as they say the same or speak of different things. */
const merged = (name: string, one: Schema, other: Schema): Schema =>
  Object.entries(other).reduce<Schema>((all, [keyword, value]) => {
    const before = all[keyword];
    if (before === undefined || isDeepStrictEqual(before, value)) return { ...all, [keyword]: value };
    if (keyword === "required" && t.UnknownArray.is(before) && t.UnknownArray.is(value))
      return { ...all, required: [...new Set([...before, ...value])] };
    if (t.UnknownRecord.is(before) && t.UnknownRecord.is(value))
      return { ...all, [keyword]: merged(name, before, value) };
    throw new Ended(failure(1, `${name}: its parts say different things of ${keyword}: give it a schema`));
  }, one);

/**
 * @param named the codecs that become components, by the components' names
 * @returns the schema of a codec, with a reference in place of each named one
 */
export const schemasOf = (named: Readonly<Record<string, t.Mixed>>, answers: Answers) => {
  const names = new Map<object, string>(Object.entries(named).map(([name, codec]) => [codec, name]));

  const properties = (props: t.Props, required: boolean): Schema => ({
    type: "object",
    properties: Object.fromEntries(Object.entries(props).map(([key, codec]) => [key, of(codec)])),
    ...(required ? { required: Object.keys(props) } : {}),
  });

  const walked = ({ name }: t.Mixed, codec: object): Schema => {
    const unknown = new Ended(
      failure(1, `${name}: this codec has no JSON Schema; say it with withSchema (lib/exactly.ts)`),
    );
    if (!isTagged(codec)) throw unknown;
    switch (codec._tag) {
      case "StringType":
        return { type: "string" };
      case "NumberType":
        return { type: "number" };
      case "BooleanType":
        return { type: "boolean" };
      case "UnknownType":
        return {};
      case "AnyArrayType":
        return { type: "array" };
      case "LiteralType":
        return { const: codec.value };
      case "KeyofType":
        return { enum: Object.keys(codec.keys) };
      case "InterfaceType":
        return properties(codec.props, true);
      case "PartialType":
        return properties(codec.props, false);
      case "ExactlyType":
        return {
          ...merged(name, properties(codec.required, true), properties(codec.optional, false)),
          additionalProperties: false,
        };
      case "ExactType":
        return { ...of(codec.type), ...(answers === "closed" ? { additionalProperties: false } : {}) };
      case "ReadonlyType":
        return of(codec.type);
      case "RefinementType":
        // What it refines further, only its own schema says.
        if (schemaOf(codec) === undefined) throw unknown;
        return of(codec.type);
      case "ArrayType":
      case "ReadonlyArrayType":
        return { type: "array", items: of(codec.type) };
      case "UnionType":
        return { oneOf: codec.types.map(of) };
      case "IntersectionType":
        return codec.types.map(of).reduce((one, other) => merged(name, one, other));
      default:
        throw unknown;
    }
  };

  const whole = (codec: t.Mixed): Schema => {
    const own = schemaOf(codec);
    return {
      ...(own !== undefined && "type" in own ? {} : walked(codec, codec)),
      ...own,
      ...(describes(codec) ? { description: descriptionOf(codec) } : {}),
    };
  };

  const of = (codec: t.Mixed): Schema => {
    const name = names.get(codec);
    return name === undefined ? whole(codec) : { $ref: `#/components/schemas/${name}` };
  };

  return {
    of,
    components: Object.fromEntries(Object.entries(named).map(([name, codec]) => [name, whole(codec)])),
  };
};
