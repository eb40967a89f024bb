/**
 * What an environment's state says, read with nothing but its file: no synthesized stack, no provider. So a
 * release can ask what runs in the environment before it.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { backendOf } from "../../environments/backend";
import type { Environment } from "../../environments/environment";
import type { TerraformError } from "./errors";
import { initBackend, type Outputs, outputs, type Stack } from "./terraform";

/** As deep as a stack's folder: a local state's path is relative. */
const folderOf = (name: string): string => join("cdktf.out", "state", name);

/** Writes a configuration of nothing but the place of the state. */
const stateOf = (environment: Environment, { env, say }: Pick<Stack, "env" | "say">): Stack => {
  const folder = folderOf(environment.name);
  // What an earlier backend left there would ask to be moved.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "cdk.tf.json"),
    JSON.stringify({ terraform: backendOf(environment) }, undefined, 2),
  );
  return { environment: environment.name, folder, env, say };
};

/** The outputs in the environment's state; none where nothing was applied yet. */
export const outputsOf = (
  environment: Environment,
  shell: Pick<Stack, "env" | "say">,
): TE.TaskEither<TerraformError, Outputs> => {
  const state = stateOf(environment, shell);
  return pipe(
    initBackend(state),
    TE.flatMap(() => outputs(state)),
  );
};
