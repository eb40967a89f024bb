import { join } from "node:path";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import type { Environment } from "./environment";
import { nearest } from "../lib/nearest";
import { loadEnvironments } from "./load";

export const unknownEnvironment = (name: string, known: ReadonlyArray<string>): string => {
  const meant = nearest(name, known);
  return `there is no environment ${name}${meant === undefined ? "" : ` (did you mean ${meant}?)`}; there are ${known.join(", ")}`;
};

/**
 * The environment a command is given the name of.
 *
 * @param folder of environment files
 * @returns it, or in words what is wrong with the name or with the files
 */
export const environmentNamed = (name: string, folder: string): E.Either<string, Environment> =>
  pipe(
    loadEnvironments(folder),
    E.mapLeft((lines) => lines.map((line) => join(folder, line)).join("\n")),
    E.flatMap((environments) =>
      E.fromNullable(
        unknownEnvironment(
          name,
          environments.map((one) => one.name),
        ),
      )(environments.find((environment) => environment.name === name)),
    ),
  );
