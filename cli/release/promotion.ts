/** Which release an environment may take. Asked before anything is planned. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { Environment } from "../../environments/environment";
import type { Failure } from "../../lib/command";
import { currentCommit, isWholeCommit } from "../../stacks/checkout";
import { type Release, stackDigest } from "../../stacks/release";
import type { Stack } from "../terraform/terraform";
import { asFailure, ofTerraform, refused, type ReleaseError } from "./errors";
import { guarded } from "./guard-command";
import { environmentOf, made } from "./this-checkout";
import { promotable } from "./promotable";
import { readSmokeRecord } from "./smoke-record";
import { readState } from "./state";
import { readSynthesized, type Synthesized } from "./synthesized";

type Shell = Pick<Stack, "env" | "say">;

type Candidate = {
  /** The synthesized stack; its output `release` says which release it is. */
  readonly folder: string;
  /** Who decided on a hotfix, which skips the environment it must come from, and why. */
  readonly hotfix: string | undefined;
};

/** @returns what to say about it; left: why not, and what to do */
type Rules = (
  environment: Environment,
  candidate: Candidate,
  shell: Shell,
) => TE.TaskEither<Failure, ReadonlyArray<string>>;

type Result = TE.TaskEither<ReleaseError, ReadonlyArray<string>>;

const again = ({ name }: Environment): string => `npm run synth -- --environment ${name}`;

const isSynthesized = ({ name }: Environment, folder: string): TE.TaskEither<ReleaseError, string> =>
  existsSync(join(folder, "cdk.tf.json"))
    ? TE.right(folder)
    : ofTerraform(TE.left({ _tag: "NotInitialised", folder, environment: name }));

/** A stack is deployed as it was synthesized from this checkout. */
const isOfThisCheckout = (
  environment: Environment,
  { folder, json, release }: Synthesized,
  commit: string,
): E.Either<ReleaseError, Release> => {
  const lines = [
    ...(release.commit === commit
      ? []
      : [
          `it is of commit ${release.commit}, and ${commit} is checked out; synthesize it: ${again(environment)}`,
        ]),
    ...(release.stack === stackDigest(json)
      ? []
      : [`it was changed after it was synthesized; synthesize it: ${again(environment)}`]),
  ];
  return lines.length === 0 ? E.right(release) : E.left(refused(`${folder} is not planned:`, lines));
};

/** What is in an environment that others come before is known, hotfix or not. */
const isOfACommit = (environment: Environment, { commit }: Release): E.Either<ReleaseError, undefined> =>
  environment.promoted_from === undefined || isWholeCommit(commit)
    ? E.right(undefined)
    : E.left(
        refused(`${environment.name} takes commits, and this is ${commit}:`, [
          "files differ from the commit, or this is not a repository; commit them, and synthesize again",
        ]),
      );

/** Only what the environment before it runs and was tested with. */
const comesFrom = (
  { name }: Environment,
  from: string,
  release: Pick<Release, "commit" | "bundles"> | undefined,
  shell: Shell,
): Result =>
  pipe(
    TE.Do,
    TE.apS("source", TE.fromEither(environmentOf(from))),
    TE.bind("stacks", ({ source }) => made([source])),
    TE.bind("state", ({ source }) => ofTerraform(readState(source, shell))),
    TE.bind("smoke", ({ source }) => ofTerraform(readSmokeRecord(source, shell))),
    TE.flatMapEither(({ stacks, state, smoke }) =>
      pipe(
        stacks,
        E.traverseArray(({ stack }) =>
          promotable({
            environment: name,
            from,
            release: { ...stack.release, ...release },
            running: state.release,
            smoke,
          }),
        ),
      ),
    ),
  );

/** Whether this checkout's release may come to an environment. */
export const mayComeTo = (environment: Environment, shell: Shell): Result =>
  environment.promoted_from === undefined
    ? TE.right([`${environment.name} is promoted from nowhere: any release may come`])
    : comesFrom(environment, environment.promoted_from, undefined, shell);

export const mayBeDeployed: Rules = (environment, { folder, hotfix }, shell) =>
  asFailure(
    pipe(
      isSynthesized(environment, folder),
      TE.flatMapEither(readSynthesized),
      TE.tap((stack) => TE.fromEither(isOfThisCheckout(environment, stack, currentCommit()))),
      TE.tap(({ release }) => TE.fromEither(isOfACommit(environment, release))),
      TE.bindTo("stack"),
      TE.bind("said", ({ stack: { release } }): Result => {
        const { commit, bundles } = release;
        if (environment.promoted_from === undefined) return TE.right([]);
        return hotfix === undefined
          ? comesFrom(environment, environment.promoted_from, { commit, bundles }, shell)
          : TE.right([
              `HOTFIX of ${environment.name}, which does not come from ${environment.promoted_from}: ${hotfix}`,
            ]);
      }),
      TE.flatMap(({ stack, said }) =>
        pipe(
          guarded([{ environment, stack }]),
          TE.map((lines) => [...said, ...lines]),
        ),
      ),
    ),
  );
