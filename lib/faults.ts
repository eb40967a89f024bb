import type * as t from "io-ts";
import { descriptionOf } from "./exactly";
import { type Found, Unreadable } from "./json";
import { cut, oneLine } from "./text";

/** One thing wrong with an input: where, what was expected, and the kind of thing that came — never its value. */
export type Fault = { readonly path: string; readonly expected: string; readonly actual: string };

export const FAULTS_REPORTED = 100;

const numberKind = (value: number): string => {
  if (!Number.isFinite(value)) return "a number too large to hold";
  if (!Number.isInteger(value)) return "a fraction";
  return Number.isSafeInteger(value) ? "an integer" : "an integer beyond ±(2^53 − 1)";
};

export const kindOf = (value: unknown): string => {
  if (value === undefined) return "nothing";
  if (value instanceof Unreadable) return value.what;
  if (value === null) return "null";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "number") return numberKind(value);
  if (typeof value === "string") return `a string of ${Array.from(value).length} characters`;
  return typeof value === "boolean" ? "a boolean" : "an object";
};

const segment = (key: string): string => {
  if (/^\d+$/.test(key)) return `[${key}]`;
  return /^[\w-]{1,64}$/.test(key) ? `.${key}` : `[${JSON.stringify(cut(oneLine(key), 64))}]`;
};

const pathText = (keys: ReadonlyArray<string>): string => keys.map(segment).join("").replace(/^\./, "");

/** The fault of what a document says twice, or in a number that would be rounded. */
export const unreadableFault = ({ path, kind, unreadable }: Found, root = "(body)"): Fault => ({
  path: path.length === 0 ? root : pathText(path.map(String)),
  expected: kind === "repeated" ? "each property once" : "a number that is kept as it is written",
  actual: unreadable.what,
});

/** `t.exact` stands in the context for the codec it wraps. */
const unwrapped = (codec: object): object =>
  "_tag" in codec && codec._tag === "ExactType" && "type" in codec && codec.type instanceof Object
    ? unwrapped(codec.type)
    : codec;

const isMemberOf = (entry: t.ContextEntry | undefined, tag: string): boolean => {
  if (entry === undefined) return false;
  const codec = unwrapped(entry.type);
  return "_tag" in codec && codec._tag === tag;
};

/** io-ts lists a key for the member of an intersection or union it was in; a person sees none there. */
const fault = (error: t.ValidationError, root: string): Fault => {
  const union = error.context.findIndex((entry) => isMemberOf(entry, "UnionType"));
  const context = union === -1 ? error.context : error.context.slice(0, union + 1);
  const path = pathText(
    context
      .filter(({ key }, index) => key !== "" && !isMemberOf(context[index - 1], "IntersectionType"))
      .map(({ key }) => key),
  );
  const last = context.at(-1);
  return {
    path: path === "" ? root : path,
    expected: last === undefined ? "something else" : descriptionOf(last.type),
    actual: kindOf(last?.actual),
  };
};

/**
 * The faults of a failed decoding in a stable order, each path once.
 *
 * @param root the path of a fault of the whole input
 */
export const faults = (errors: t.Errors, root = "(body)"): ReadonlyArray<Fault> => {
  const byPath = new Map<string, Fault>();
  for (const error of errors) {
    const found = fault(error, root);
    if (!byPath.has(found.path)) byPath.set(found.path, found);
    if (byPath.size === FAULTS_REPORTED) break;
  }
  return [...byPath.values()];
};

export const faultLine = ({ path, expected, actual }: Fault): string =>
  `${path}: expected ${expected}, got ${actual}`;

export const faultLines = (errors: t.Errors): string => faults(errors).slice(0, 5).map(faultLine).join("; ");
