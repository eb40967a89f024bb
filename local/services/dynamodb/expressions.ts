/**
 * What dynalite makes of an expression depends on its text, its names and the types of its values, and takes longer
 * than the write that it is for: each is parsed once, and filled with every request's own values.
 */
import conditionParser from "dynalite/db/conditionParser.js";
import updateParser, { type Parse } from "dynalite/db/updateParser.js";
import { remembering } from "../../remembering";

/** Of these the parser looks at the values themselves. */
const LOOKS_AT_VALUES = /between|attribute_type/i;

type Context = Parameters<Parse>[1]["context"];

/** A copy, as dynalite changes what it works with, with other objects for some. */
const copied = (node: unknown, others: ReadonlyMap<object, object | undefined>): unknown => {
  if (typeof node !== "object" || node === null) return node;
  const other = others.get(node);
  if (other !== undefined) return other;
  if (Array.isArray(node)) return node.map((one: unknown) => copied(one, others));
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, copied(value, others)]));
};

const all = (named: object): Record<string, true> =>
  Object.fromEntries(Object.keys(named).map((name) => [name, true]));

/** What a parser makes of an expression with any values of some types, and the names that it used. */
const parsed = (parse: Parse, text: string, context: Context) => {
  const { attrNames = {}, attrVals = {} } = context;
  const [unusedAttrNames, unusedAttrVals] = [all(attrNames), all(attrVals)];
  const tree = parse(text, { context: { ...context, unusedAttrNames, unusedAttrVals } });
  const used = Object.keys({ ...attrNames, ...attrVals }).filter(
    (name) => !Object.hasOwn(unusedAttrNames, name) && !Object.hasOwn(unusedAttrVals, name),
  );
  return { tree, used, values: Object.entries(attrVals) };
};

/** A parser that does the same, and looks at each expression once. */
export const parsingOnce = (parse: Parse): Parse => {
  const once = remembering<ReturnType<typeof parsed>>();
  return (text, { context }) => {
    if (LOOKS_AT_VALUES.test(text)) return parse(text, { context });
    const { attrNames = {}, attrVals = {}, unusedAttrNames, unusedAttrVals } = context;
    const types = Object.entries(attrVals).map(([name, value]) => [name, ...Object.keys(value)]);
    const { tree, used, values } = once(JSON.stringify([text, attrNames, types]), () =>
      parsed(parse, text, context),
    );
    for (const name of used) {
      Reflect.deleteProperty(unusedAttrNames, name);
      Reflect.deleteProperty(unusedAttrVals, name);
    }
    return copied(tree, new Map(values.map(([name, value]) => [value, attrVals[name]])));
  };
};

/** Changes dynalite in place. */
export const parseExpressionsOnce = (): void => {
  for (const parser of [conditionParser, updateParser]) parser.parse = parsingOnce(parser.parse);
};
