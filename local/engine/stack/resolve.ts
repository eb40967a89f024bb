import * as E from "fp-ts/Either";
import { isArray, isObject, type Json, type JsonObject } from "../../json";
import { messageOf, StartError } from "../../start-error";
import { type Expression, parseTemplate } from "./expression";
import { terraformFunctions } from "./functions";
import type { Declaration, SynthesizedStack } from "./read-stack";

/** A declaration with every reference replaced by its value, and what others may refer to. */
export type Resolved = Declaration & { readonly attributes: JsonObject };

/** The attributes that exist only once a resource does (`arn`, `url`), from its resolved configuration. */
export type ComputedAttributes = (declaration: Declaration) => JsonObject;

/** The path a reference takes into a value: `.variables`, `[0]`; a single block may be written with `[0]`. */
const step = (value: Json, key: string | number): Json | undefined => {
  if (isArray(value)) return typeof key === "number" ? value[key] : undefined;
  if (isObject(value)) return key === 0 && !("0" in value) ? value : value[key];
  return undefined;
};

const asText = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));

/** The addresses of what a value refers to. */
export const referencesIn = (value: Json): ReadonlyArray<string> => {
  const inExpression = (expression: Expression): ReadonlyArray<string> => {
    switch (expression.kind) {
      case "literal":
        return [];
      case "template":
        return expression.parts.flatMap(inExpression);
      case "list":
        return expression.items.flatMap(inExpression);
      case "object":
        return expression.entries.flatMap(([key, item]) => [...inExpression(key), ...inExpression(item)]);
      case "call":
        return expression.args.flatMap(inExpression);
      case "reference":
        return [expression.path.slice(0, expression.path[0] === "data" ? 3 : 2).join(".")];
    }
  };
  if (typeof value === "string") return value.includes("${") ? inExpression(parseTemplate(value)) : [];
  if (isArray(value)) return value.flatMap(referencesIn);
  return isObject(value) ? Object.values(value).flatMap(referencesIn) : [];
};

/**
 * Resolves every declaration, each after those it refers to.
 * Throws a StartError naming the resource: a reference to nothing, a circle of references, an expression or a
 * function that is not known.
 */
export const resolveStack = (
  stack: SynthesizedStack,
  computed: ComputedAttributes,
): ReadonlyMap<string, Resolved> => {
  const resolved = new Map<string, Resolved>();
  const underway: string[] = [];

  const evaluate = (expression: Expression, address: string): Json => {
    const inner = (one: Expression): Json => evaluate(one, address);
    switch (expression.kind) {
      case "literal":
        return expression.value;
      case "template":
        return expression.parts.map((part) => asText(inner(part))).join("");
      case "list":
        return expression.items.map(inner);
      case "object":
        return Object.fromEntries(
          expression.entries.map(([key, value]) => [asText(inner(key)), inner(value)]),
        );
      case "call": {
        const run = terraformFunctions[expression.name];
        if (run === undefined)
          throw new StartError(
            `${address}: ${expression.name}() is a function the local platform does not know`,
          );
        return run(expression.args.map(inner), stack.folder);
      }
      case "reference":
        return follow(expression.path, address);
    }
  };

  const follow = (path: ReadonlyArray<string | number>, from: string): Json => {
    const length = path[0] === "data" ? 3 : 2;
    const target = resolve(path.slice(0, length).join("."), from);
    const found = path
      .slice(length)
      .reduce<Json | undefined>(
        (value, key, index) =>
          index === 0
            ? (target.attributes[key] ?? target.config[key])
            : value === undefined
              ? undefined
              : step(value, key),
        null,
      );
    if (path.length === length || found === undefined)
      throw new StartError(`${from}: ${path.join(".")} is not an attribute the local platform knows`);
    return found;
  };

  const values = (value: Json, address: string): Json => {
    if (typeof value === "string")
      return /[$%]\{/.test(value) ? evaluate(parseTemplate(value), address) : value;
    if (isArray(value)) return value.map((item) => values(item, address));
    return isObject(value) ? objectValues(value, address) : value;
  };
  const objectValues = (value: JsonObject, address: string): JsonObject =>
    Object.fromEntries(Object.entries(value).map(([key, item]) => [key, values(item, address)]));

  const resolve = (address: string, from: string): Resolved => {
    const done = resolved.get(address);
    if (done !== undefined) return done;
    const declaration = stack.declarations.get(address);
    if (declaration === undefined)
      throw new StartError(`${from}: refers to ${address}, which is not declared`);
    if (underway.includes(address))
      throw new StartError(
        `references go in a circle: ${[...underway.slice(underway.indexOf(address)), address].join(" → ")}`,
      );
    underway.push(address);
    const config = E.tryCatch(
      () => objectValues(declaration.config, address),
      (error) => (error instanceof StartError ? error : new StartError(`${address}: ${messageOf(error)}`)),
    );
    if (E.isLeft(config)) throw config.left;
    const plain = { ...declaration, config: config.right };
    const result = { ...plain, attributes: computed(plain) };
    underway.pop();
    resolved.set(address, result);
    return result;
  };

  for (const address of stack.declarations.keys()) resolve(address, address);
  return resolved;
};
