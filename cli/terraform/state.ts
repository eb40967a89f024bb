/**
 * What an environment's state says, read with nothing but its file: no synthesized stack, no provider. So a
 * release can ask what runs in the environment before it.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { backendOf, type StatePlace } from "../../environments/backend";
import type { TerraformError } from "./errors";
import { apply, initBackend, outputs, planTo, pull, type Stack } from "./terraform";

/** As deep as a stack's folder: a local state's path is relative. */
const folderOf = (name: string): string => join("cdktf.out", "state", name);

type Shell = Pick<Stack, "env" | "say">;

/** Writes a configuration of nothing but the place of a state, and what is to be kept there. */
const stateOf = (
  place: StatePlace,
  { env, say }: Shell,
  kept: Readonly<Record<string, unknown>> = {},
): Stack => {
  const folder = folderOf(place.name);
  // What an earlier backend left there would ask to be moved.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "cdk.tf.json"),
    JSON.stringify({ terraform: backendOf(place), ...kept }, undefined, 2),
  );
  return { environment: place.name, folder, env, say };
};

const reading =
  <A>(read: (state: Stack) => TE.TaskEither<TerraformError, A>) =>
  (place: StatePlace, shell: Shell): TE.TaskEither<TerraformError, A> => {
    const state = stateOf(place, shell);
    return pipe(
      initBackend(state),
      TE.flatMap(() => read(state)),
    );
  };

/** The outputs in a state; none where nothing was applied yet. */
export const outputsOf = reading(outputs);

/** All of a state, as Terraform keeps it. */
export const pulledState = reading(pull);

/** Keeps a value in a state of its own, which has no resources. */
export const keepOutput = (
  place: StatePlace,
  name: string,
  value: unknown,
  shell: Shell,
): TE.TaskEither<TerraformError, void> => {
  const state = stateOf(place, shell, {
    variable: { value: { type: "any" } },
    output: { [name]: { value: "${var.value}" } },
  });
  const plan = resolve(state.folder, "kept.tfplan");
  return pipe(
    initBackend(state),
    TE.flatMap(() => planTo(state, { out: plan, variables: { value: JSON.stringify(value) } })),
    TE.flatMap(() => apply(state, plan)),
    TE.orElse((error) => (error._tag === "NothingToDo" ? TE.right(undefined) : TE.left(error))),
  );
};
