import * as t from "io-ts";
import { descriptionOf, exactly, type ExactlyType, noSuchProperty } from "../../../lib/exactly";
import { isObject } from "../../json";

/**
 * Codecs for Terraform blocks. An attribute that a block does not know is a fault, so that nothing a stack
 * declares is passed over in silence. `null` is an attribute left out, as in Terraform.
 */
export const block = <R extends t.Props, O extends t.Props>(
  required: R,
  optional: O,
): t.Type<t.TypeOf<ExactlyType<R, O>>, unknown> => {
  const shape = exactly(required, optional, "a block");
  return new t.Type(
    shape.name,
    shape.is,
    (input, context) =>
      shape.validate(
        isObject(input)
          ? Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null))
          : input,
        context,
      ),
    t.identity,
  );
};

/** A block that may stand once, alone or as a list of one. */
export const one = <A>(codec: t.Type<A, unknown>): t.Type<A, unknown> =>
  new t.Type(
    codec.name,
    codec.is,
    (input, context) =>
      codec.validate(Array.isArray(input) && input.length === 1 ? input[0] : input, context),
    t.identity,
  );

/** A block that may stand several times. */
export const many = <A>(codec: t.Type<A, unknown>): t.Type<ReadonlyArray<A>, unknown> => {
  const list = t.readonlyArray(codec);
  return new t.Type(
    `a list of ${codec.name}`,
    list.is,
    (input, context) => list.validate(Array.isArray(input) ? input : [input], context),
    t.identity,
  );
};

/** A number, or its text: Terraform converts between them. */
export const number: t.Type<number, unknown> = new t.Type(
  "a number",
  t.number.is,
  (input, context) => {
    const value = typeof input === "string" && input.trim() !== "" ? Number(input) : input;
    return typeof value === "number" && Number.isFinite(value)
      ? t.success(value)
      : t.failure(input, context, "a number");
  },
  t.identity,
);

export const flag: t.Type<boolean, unknown> = new t.Type(
  "true or false",
  t.boolean.is,
  (input, context) =>
    input === true || input === "true"
      ? t.success(true)
      : input === false || input === "false"
        ? t.success(false)
        : t.failure(input, context, "true or false"),
  t.identity,
);

/** A text whose length AWS limits, as a name's. */
export const textOf = (least: number, most: number): t.Type<string, unknown> => {
  const expected = `a text of ${least} to ${most} characters`;
  return new t.Type(
    expected,
    t.string.is,
    (input, context) => {
      if (typeof input !== "string") return t.failure(input, context, expected);
      return input.length >= least && input.length <= most
        ? t.success(input)
        : t.failure(input, context, `${expected}, not of ${input.length}`);
    },
    t.identity,
  );
};

/** One of a few texts; another is named together with those that can be run. */
export const oneOf = <A extends string>(...values: ReadonlyArray<A>): t.Type<A, unknown> => {
  const expected = values.map((value) => JSON.stringify(value)).join(" or ");
  const is = (value: unknown): value is A => values.some((known) => known === value);
  return new t.Type(
    expected,
    is,
    (input, context) => (is(input) ? t.success(input) : t.failure(input, context, expected)),
    t.identity,
  );
};

/** The first fault, by attribute: `redrive_policy.maxReceiveCount: expected a number`. Never the value. */
export const firstFault = (errors: t.Errors): string => {
  const [error] = errors;
  if (error === undefined) return "is not understood";
  const path = error.context
    .slice(1)
    .map(({ key }) => key)
    // An intersection counts its members as steps of the path; a list of blocks counts its blocks.
    .filter((key) => !/^\d*$/.test(key))
    .join(".");
  const type = error.context.at(-1)?.type;
  if (type === noSuchProperty) return `${path} is an attribute the local platform does not know`;
  return `${path}: expected ${error.message ?? (type === undefined ? "something else" : descriptionOf(type))}`;
};
