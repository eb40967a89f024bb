/**
 * Resolves what a stack declares as cdktf does, in a third of the time: nearly all of it is plain, and cdktf makes a
 * context for each text in it and tests it for every kind of token. Only what may be a token is left to cdktf.
 */
import { Token, Tokenization } from "cdktf";

/** In every text that has a token in it, or a number that may stand for one. */
const TOKEN = /TfToken\[|[-|\d.+]e[-|\d.eE+]/;
const MARKERS = [Token.STRING_MAP_TOKEN_VALUE, Token.ANY_MAP_TOKEN_VALUE];

const isPlain = (text: string): boolean => !TOKEN.test(text) && !MARKERS.includes(text);

/** A list may be a token as a whole; as a number, each is below zero. */
const mayBeToken = (one: unknown): boolean =>
  typeof one === "string" ? one.includes("TfToken[") : typeof one === "number" && !(one >= 0);

type Options = Parameters<typeof Tokenization.resolve>[1];

const whole = Tokenization.resolve.bind(Tokenization);

const resolved = (value: unknown, options: Options): unknown => {
  if (value === null || value === undefined || typeof value === "boolean") return value;
  if (typeof value === "string") return isPlain(value) ? value : whole(value, options);
  if (typeof value === "number") return value >= 0 ? value : whole(value, options);
  if (Array.isArray(value))
    return value.some(mayBeToken)
      ? whole(value, options)
      : value.map((one: unknown) => resolved(one, options)).filter((one) => one !== undefined);
  if (typeof value !== "object" || value instanceof Date || "resolve" in value || "_children" in value)
    return whole(value, options);
  const made: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(value)) {
    if (!isPlain(key)) return whole(value, options);
    const inner = resolved(one, options);
    if (inner !== undefined) made[key] = inner;
  }
  return made;
};

/** In place of `Tokenization.resolve`. */
export const resolveQuickly = (value: unknown, options: Options): unknown => {
  try {
    return resolved(value, options);
  } catch {
    // So that what is wrong is said as cdktf says it, with its place.
    return whole(value, options);
  }
};
