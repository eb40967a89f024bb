/**
 * That an environment's release passed its smoke test there. It stands in a state of its own beside the
 * environment's, so that whoever can read what runs there can read this too, and nobody needs anything else.
 */
import { userInfo } from "node:os";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { placeBeside, type StatePlace } from "../../environments/backend";
import { Release } from "../../stacks/release";
import type { TerraformError } from "../terraform/errors";
import { keepOutput } from "../terraform/state";
import type { Stack } from "../terraform/terraform";
import { ofTerraform, refused, type ReleaseError } from "./errors";
import { readState } from "./state";

const SmokeRecord = t.strict({ release: Release, at: t.string, by: t.string }, "a smoke record");
export type SmokeRecord = t.TypeOf<typeof SmokeRecord>;

const OUTPUT = "smoke_tested";

type Shell = Pick<Stack, "env" | "say">;

const placeOf = (environment: StatePlace): StatePlace => placeBeside(environment, "smoke");

/** The last smoke test that passed; undefined where none did. */
export const readSmokeRecord = (
  environment: StatePlace,
  shell: Shell,
): TE.TaskEither<TerraformError, SmokeRecord | undefined> =>
  pipe(
    // All of the state: HCP Terraform answers an error for the outputs of a workspace that never had any.
    readState(placeOf(environment), shell),
    TE.map(({ outputs }) =>
      pipe(
        SmokeRecord.decode(outputs[OUTPUT]),
        E.getOrElse((): SmokeRecord | undefined => undefined),
      ),
    ),
  );

/** Whether two records are of the same release; a hotfix's reason does not count. */
export const isSameRelease = (one: Release, other: Release): boolean =>
  one.commit === other.commit && one.stack === other.stack && one.bundles === other.bundles;

/** Who runs this: in a workflow, the person who started it. */
const caller = (): string => process.env["GITHUB_ACTOR"] ?? userInfo().username;

/**
 * Records that a smoke test passed, of the release that ran before it began: another one that came meanwhile was
 * not tested from its beginning.
 */
export const recordSmoke = (
  environment: StatePlace,
  tested: Release,
  now: Date,
  shell: Shell,
): TE.TaskEither<ReleaseError, string> =>
  pipe(
    ofTerraform(readState(environment, shell)),
    TE.filterOrElse(
      ({ release }) => release !== undefined && isSameRelease(release, tested),
      ({ release }) =>
        refused("the smoke test is not recorded: another release was applied while it ran", [
          `tested ${tested.commit}, now ${release?.commit ?? "none"}; run it again`,
        ]),
    ),
    TE.flatMap(() => {
      const record: SmokeRecord = { release: tested, at: now.toISOString(), by: caller() };
      return ofTerraform(keepOutput(placeOf(environment), OUTPUT, record, shell));
    }),
    TE.map(() => `recorded: ${environment.name} passed its smoke test with commit ${tested.commit}`),
  );
