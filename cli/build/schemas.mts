/**
 * A client of the SDK registers every error of its service, and so keeps it and all that describes it. A function
 * needs those that it can tell apart: what AWS documents for the commands it sends, what makes the SDK try again,
 * and what has another name in the code than on the wire. Any other comes out the same without being registered.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { commandsOf } from "./commands.mts";

const matches = (text: string, pattern: RegExp): ReadonlyArray<string> =>
  Array.from(text.matchAll(pattern), ([, first = ""]) => first);

const documented = (folder: string, client: string): ReadonlyArray<string> =>
  commandsOf(client).flatMap((command) =>
    matches(
      readFileSync(join(folder, "dist-types", "commands", `${command}.d.ts`), "utf8"),
      /@throws \{@link (\w+)\}/g,
    ),
  );

/** What a busy service answers any command with, documented for it or not. */
const BUSY = /Throttl|LimitExceeded|TooManyRequests|SlowDown/;

const triedAgain = (folder: string): ReadonlyArray<string> =>
  readFileSync(join(folder, "dist-es", "models", "errors.js"), "utf8")
    .split(/^export class /m)
    .filter((text) => BUSY.test(matches(text, /^(\w+)/g).join()) || text.includes("$retryable"))
    .flatMap((text) => matches(text, /^(\w+) extends/g));

const namedOtherwise = (schemas: string): ReadonlyArray<string> =>
  Array.from(schemas.matchAll(/^export var (\w+)\$ = \[-3, [^{;]*\{ "awsQueryError": \[`([^`]+)`/gm))
    .filter(([, name, code]) => name !== code)
    .map(([, name = ""]) => name);

/** Its keys written out: a computed one may do anything, so esbuild would keep all that has one. */
const withPlainKeys = (source: string): string => {
  const texts = new Map(
    Array.from(source.matchAll(/^const (\w+) = (".*?");$/gm), ([, name = "", text = ""]) => [name, text]),
  );
  return source.replace(/\[(\w+)\]: /g, (key, name: string) => `${texts.get(name) ?? key.slice(0, -2)}: `);
};

const REGISTRATION = /^\w+\.registerError\(\w+\$, (\w+)\);\n/gm;

/** The text of a client's `schemas_0.js`, of which esbuild then keeps what its commands need. */
export const leanSchemas = (path: string): string => {
  const folder = join(dirname(path), "..", "..");
  const client = `@aws-sdk/${folder.split(/[\\/]/).at(-1) ?? ""}`;
  const schemas = withPlainKeys(readFileSync(path, "utf8"));
  const expected = documented(folder, client);
  const registered = matches(schemas, REGISTRATION);
  const missing = expected.filter((name) => !registered.includes(name));
  if (expected.length === 0)
    throw new Error(
      `${client}: no error of the commands that the functions import is documented in dist-types/commands: see cli/build/schemas.mts`,
    );
  if (missing.length > 0)
    throw new Error(
      `${client}: ${missing.join(", ")} is documented for a command of the functions, and not registered in dist-es/schemas/schemas_0.js: see cli/build/schemas.mts`,
    );
  const kept = new Set([...expected, ...triedAgain(folder), ...namedOtherwise(schemas)]);
  return schemas.replace(REGISTRATION, (line, name: string) => (kept.has(name) ? line : ""));
};
