import { join } from "node:path";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import type { Environment } from "./environment";
import { loadEnvironments } from "./load";

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
        `there is no environment ${name}; there are ${environments.map((one) => one.name).join(", ")}`,
      )(environments.find((environment) => environment.name === name)),
    ),
  );
