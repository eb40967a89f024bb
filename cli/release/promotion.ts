/** Which release may come to which environment. Asked before anything is planned. */
import * as TE from "fp-ts/TaskEither";
import type { Environment } from "../../environments/environment";
import type { Failure } from "../../lib/command";
import type { Stack } from "../terraform/terraform";

export type Candidate = {
  /** The synthesized stack; its output `release` says which release it is. */
  readonly folder: string;
  /** Who decided that it comes here without having been where it must come from, and why. */
  readonly hotfix: string | undefined;
};

/** @returns what to say about it; left: why not, and what to do */
type Rules = (
  environment: Environment,
  candidate: Candidate,
  shell: Pick<Stack, "env" | "say">,
) => TE.TaskEither<Failure, ReadonlyArray<string>>;

export const mayBeDeployed: Rules = () => TE.right([]);
