/** The environment files that a command is about. */
import { join } from "node:path";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import type { Environment } from "../environments/environment";
import { loadEnvironments } from "../environments/load";
import { environmentNamed } from "../environments/named";
import { type Failure, wrongUse } from "../lib/command";

export const FOLDER = process.env["ORDERS_ENVIRONMENTS"] ?? "environments";

export const environmentOf = (name: string): E.Either<Failure, Environment> =>
  pipe(environmentNamed(name, FOLDER), E.mapLeft(wrongUse));

export const allEnvironments = (): E.Either<Failure, ReadonlyArray<Environment>> =>
  pipe(
    loadEnvironments(FOLDER),
    E.mapLeft((lines) => wrongUse(lines.map((line) => join(FOLDER, line)).join("\n"))),
  );

/** All but the one on a developer's machine, which is deployed nowhere and part of no release. */
export const deployedEnvironments = (): E.Either<Failure, ReadonlyArray<Environment>> =>
  pipe(
    allEnvironments(),
    E.map((all) => all.filter(({ name }) => name !== "local")),
  );
