import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as E from "fp-ts/Either";
import { type Fault, faultLine } from "../lib/faults";
import { nearest } from "../lib/nearest";
import { decodeWritten } from "../lib/written-file";
import { Environment, type Parts, soundParts } from "./environment";
import { contradictions, UNIQUE } from "./rules";

type Read = {
  readonly file: string;
  readonly faults: ReadonlyArray<Fault>;
  readonly parts: Parts;
  readonly environment: Environment | undefined;
};

const misnamed = (file: string, { name }: Parts): ReadonlyArray<Fault> =>
  name === undefined || `${name}.json` === file
    ? []
    : [{ path: "name", expected: `the file's own, ${file.replace(/\.json$/, "")}`, actual: name }];

const read = (file: string, text: string): Read => {
  const { value, decoded } = decodeWritten(Environment, text);
  const parts = soundParts(value);
  return {
    file,
    faults: [...(E.isLeft(decoded) ? decoded.left : []), ...misnamed(file, parts), ...contradictions(parts)],
    parts,
    environment: E.isRight(decoded) ? decoded.right : undefined,
  };
};

/** Of environments that share what must be unique, all but the first are at fault. */
const shared = (reads: ReadonlyArray<Read>): ReadonlyArray<string> =>
  UNIQUE.flatMap(({ path, value }) => {
    const first = new Map<string, string>();
    return reads.flatMap(({ file, environment }) => {
      const own = environment === undefined ? undefined : value(environment);
      if (own === undefined) return [];
      const owner = first.get(own);
      if (owner === undefined) {
        first.set(own, file);
        return [];
      }
      return [`${file}: ${path}: expected what no other environment has, got that of ${owner}`];
    });
  });

/** Where the releases of an environment come from must be, and must not come back to it. */
const unpromotable = (reads: ReadonlyArray<Read>): ReadonlyArray<string> => {
  const names = reads.map(({ file }) => file.replace(/\.json$/, ""));
  const from = new Map(names.map((name, index) => [name, reads[index]?.parts.promoted_from]));
  const leadsBack = (name: string): boolean => {
    const seen = new Set<string>();
    for (let at = from.get(name); at !== undefined && !seen.has(at); at = from.get(at)) {
      if (at === name) return true;
      seen.add(at);
    }
    return false;
  };
  return names.flatMap((name) => {
    const source = from.get(name);
    if (source === undefined) return [];
    const path = `${name}.json: promoted_from: expected`;
    if (!names.includes(source)) {
      const meant = nearest(source, names);
      return [
        `${path} the name of another environment${meant === undefined ? "" : ` (did you mean ${meant}?)`}, got "${source}"`,
      ];
    }
    return leadsBack(name)
      ? [`${path} an environment that does not come from ${name} itself, got "${source}"`]
      : [];
  });
};

/**
 * Reads every environment file of a folder.
 * @returns the environments by file name, or a line for every fault of every file: `file: path: expected … got …`
 */
export const loadEnvironments = (
  folder: string,
): E.Either<ReadonlyArray<string>, ReadonlyArray<Environment>> => {
  const listed = E.tryCatch(
    () =>
      readdirSync(folder)
        .filter((file) => file.endsWith(".json"))
        .sort(),
    (error) => [
      `${folder}: expected a folder of environment files, got ${error instanceof Error ? error.message : String(error)}`,
    ],
  );
  if (E.isLeft(listed)) return listed;
  if (listed.right.length === 0)
    return E.left([`${folder}: expected at least one environment file, got none`]);
  const reads = listed.right.map((file) => read(file, readFileSync(join(folder, file), "utf8")));
  const lines = [
    ...reads.flatMap(({ file, faults }) => faults.map((fault) => `${file}: ${faultLine(fault)}`)),
    ...shared(reads),
    ...unpromotable(reads),
  ];
  return lines.length > 0 ? E.left(lines) : E.right(reads.flatMap(({ environment }) => environment ?? []));
};
