import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import { type Fault, faultLine, faults } from "../lib/faults";
import { Environment } from "./environment";
import { contradictions, UNIQUE } from "./rules";

type Read = { readonly file: string; readonly content: E.Either<ReadonlyArray<Fault>, Environment> };

const whole = (expected: string, actual: string): ReadonlyArray<Fault> => [
  { path: "(file)", expected, actual },
];

const misnamed = (file: string, { name }: Environment): ReadonlyArray<Fault> =>
  `${name}.json` === file
    ? []
    : [{ path: "name", expected: `the file's own, ${file.replace(/\.json$/, "")}`, actual: name }];

const decode = (file: string, text: string): Read["content"] =>
  pipe(
    E.tryCatch(
      (): unknown => JSON.parse(text),
      (error) => whole("JSON", error instanceof Error ? error.message : String(error)),
    ),
    E.flatMap((json) => pipe(Environment.decode(json), E.mapLeft(faults))),
    E.flatMap((environment) => {
      const found = [...misnamed(file, environment), ...contradictions(environment)];
      return found.length === 0 ? E.right(environment) : E.left(found);
    }),
  );

/** Of environments that share what must be unique, all but the first are at fault. */
const shared = (reads: ReadonlyArray<Read>): ReadonlyArray<string> =>
  UNIQUE.flatMap(({ path, value }) => {
    const first = new Map<string, string>();
    return reads.flatMap(({ file, content }) => {
      const own = E.isRight(content) ? value(content.right) : undefined;
      if (own === undefined) return [];
      const owner = first.get(own);
      if (owner === undefined) {
        first.set(own, file);
        return [];
      }
      return [`${file}: ${path}: expected what no other environment has, got that of ${owner}`];
    });
  });

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
  const reads = listed.right.map((file): Read => ({
    file,
    content: decode(file, readFileSync(join(folder, file), "utf8")),
  }));
  const lines = [
    ...reads.flatMap(({ file, content }) =>
      E.isLeft(content) ? content.left.map((fault) => `${file}: ${faultLine(fault)}`) : [],
    ),
    ...shared(reads),
  ];
  return lines.length > 0
    ? E.left(lines)
    : E.right(reads.flatMap(({ content }) => (E.isRight(content) ? [content.right] : [])));
};
