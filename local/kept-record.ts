import { readFileSync, renameSync, writeFileSync } from "node:fs";
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { parseJson } from "./json";
import { messageOf } from "./start-error";

/** Values by name, kept in a file over a restart, which a kill leaves as it was or as it is. */
export const keptRecord = <A>(file: string, value: t.Type<A, unknown>) => {
  const text = E.tryCatch(() => readFileSync(file, "utf8"), messageOf);
  const parsed: unknown = E.isLeft(text) ? undefined : parseJson(text.right);
  const values = new Map(Object.entries(t.record(t.string, value).is(parsed) ? parsed : {}));
  return {
    get: (name: string): A | undefined => values.get(name),
    set: (name: string, value: A): void => {
      values.set(name, value);
      writeFileSync(`${file}.unfinished`, JSON.stringify(Object.fromEntries(values)));
      renameSync(`${file}.unfinished`, file);
    },
  };
};
