import * as t from "io-ts";

/** A change of some JSON: at a path, by `/`, a value is set, or removed where it is undefined. */
export type Change = { readonly path: string; readonly value: unknown };

const Container = t.union([t.UnknownRecord, t.UnknownArray]);

const at = (
  json: unknown,
  [key = "", ...rest]: ReadonlyArray<string>,
  value: unknown,
  plants: boolean,
): unknown => {
  if (!Container.is(json) && !(json === undefined && plants)) throw new Error(`nothing to change at ${key}`);
  if (Array.isArray(json))
    return json.map((one: unknown, index) => (String(index) === key ? at(one, rest, value, plants) : one));
  const { [key]: before, ...others } = { ...json };
  if (before === undefined && !plants) throw new Error(`there is no ${key} to change`);
  if (before !== undefined && plants && rest.length === 0) throw new Error(`there is a ${key} already`);
  const after = rest.length === 0 ? value : at(before, rest, value, plants);
  return after === undefined ? others : { ...others, [key]: after };
};

/** A copy of some JSON with one value of it changed; what is not planted must have been there. */
export const changed = (json: unknown, { path, value }: Change, plants = false): unknown =>
  at(json, path.split("/"), value, plants);
