/** This checkout: its environments, and the stacks it synthesizes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { Environment } from "../../environments/environment";
import type { Failure } from "../../lib/command";
import { changedFiles } from "../../stacks/checkout";
import { deployedEnvironments, environmentOf as fileOf, FOLDER } from "../environment-files";
import type { Stack } from "../terraform/terraform";
import { type ReleaseError, usage } from "./errors";
import { readSynthesized, synthesize, type Synthesized } from "./synthesized";

/** What Terraform is run with, and who is told of it; a command's own lines are all it prints. */
export const shell: Pick<Stack, "env" | "say"> = { env: process.env, say: console.error };

/** Environment files of elsewhere have no history here. */
export const isCommitted = (): boolean => resolve(FOLDER) === resolve("environments");

const asUsage: <A>(read: E.Either<Failure, A>) => E.Either<ReleaseError, A> = E.mapLeft(({ message }) =>
  usage(message),
);

export const environments = (): E.Either<ReleaseError, ReadonlyArray<Environment>> =>
  asUsage(deployedEnvironments());

export const environmentOf = (name: string): E.Either<ReleaseError, Environment> => asUsage(fileOf(name));

/** A line for everything that makes a release differ from its commit. */
export const uncommitted = (): ReadonlyArray<string> => [
  ...changedFiles(),
  ...(isCommitted() ? [] : [`${FOLDER}: ORDERS_ENVIRONMENTS names it, and the commit does not hold it`]),
];

/** Runs something with a temporary folder. */
const inFolder = <A>(
  use: (folder: string) => TE.TaskEither<ReleaseError, A>,
): TE.TaskEither<ReleaseError, A> =>
  TE.bracket(
    TE.fromIO(() => mkdtempSync(join(tmpdir(), "orders-release-"))),
    use,
    (folder) => TE.fromIO(() => rmSync(folder, { recursive: true, force: true })),
  );

export type Made = { readonly environment: Environment; readonly stack: Synthesized };

/** What the app of this checkout makes of some environments. */
export const made = (wanted: ReadonlyArray<Environment>): TE.TaskEither<ReleaseError, ReadonlyArray<Made>> =>
  inFolder((folder) => {
    const names = wanted.map(({ name }) => name);
    shell.say(`synthesizing ${names.join(", ")} …`);
    return pipe(
      synthesize(".", folder, names),
      TE.flatMapEither((stacks) =>
        pipe(
          wanted,
          E.traverseArray((environment) =>
            pipe(
              readSynthesized(join(stacks, environment.name)),
              E.map((stack) => ({ environment, stack })),
            ),
          ),
        ),
      ),
    );
  });
