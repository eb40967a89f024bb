import * as E from "fp-ts/Either";
import { isObject, type Json, parseJson } from "../../json";

/** Whether a log line is one of those asked for. */
export type Matches = (line: string) => boolean;

const valueAt = (json: Json, path: ReadonlyArray<string>): Json | undefined =>
  path.reduce<Json | undefined>(
    (value, key) =>
      value !== undefined && isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined,
    json,
  );

const FIELD = /^\{\s*\$\.([\w.]+)\s*(=|!=)\s*("[^"]*"|[-\w.*]+)\s*\}$/;
const TERMS = /"[^"]*"|[^\s"]+/g;
/** The syntax of conditions, regular expressions, and terms that are optional or unwanted. */
const UNSUPPORTED = /[{}[\]%?]|(^|\s)-/;

const unquoted = (text: string): string => text.replace(/^"(.*)"$/, "$1");

/** Reads terms that must all be in a line, or one comparison of a field, `{ $.level = "error" }`. */
export const filterPattern = (pattern: string): E.Either<string, Matches> => {
  const [, path, operator, value = ""] = FIELD.exec(pattern.trim()) ?? [];
  if (path !== undefined)
    return E.right((line) => {
      const found = valueAt(parseJson(line) ?? null, path.split("."));
      const isSame = typeof found === "string" ? found === unquoted(value) : JSON.stringify(found) === value;
      return operator === "=" ? isSame : found !== undefined && !isSame;
    });
  if (UNSUPPORTED.test(pattern))
    return E.left(`the filter pattern ${pattern}: the local platform knows terms and { $.field = "value" }`);
  const terms = [...pattern.matchAll(TERMS)].map(([term]) => unquoted(term));
  return E.right((line) => terms.every((term) => line.includes(term)));
};
