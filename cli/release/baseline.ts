/** What a release must keep: what each environment runs, read from its state. */
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { Environment } from "../../environments/environment";
import { backendOf, type StatePlace } from "../../environments/backend";
import type { TerraformError } from "../terraform/errors";
import type { Stack } from "../terraform/terraform";
import { EMPTY, isApplied, readState, type State } from "./state";

type Shell = Pick<Stack, "env" | "say">;

export type Baseline = {
  readonly state: State;
  /** Where the state was found; undefined where it is empty everywhere, and there is nothing to keep. */
  readonly place: StatePlace | undefined;
};

/** Whether two mean one state; a workspace keeps its state when it changes its project. */
const isSamePlace = (one: StatePlace, other: StatePlace): boolean => {
  const key = (place: StatePlace): string =>
    place.backend.type === "cloud"
      ? [place.backend.hostname, place.backend.organization, place.backend.workspace].join(" ")
      : JSON.stringify(backendOf(place));
  return one.backend.type === other.backend.type && key(one) === key(other);
};

/** The first of some places that has resources. */
const firstApplied = (
  [place, ...others]: ReadonlyArray<StatePlace>,
  shell: Shell,
): TE.TaskEither<TerraformError, Baseline> =>
  place === undefined
    ? TE.right({ state: EMPTY, place: undefined })
    : pipe(
        readState(place, shell),
        TE.flatMap((state) => (isApplied(state) ? TE.right({ state, place }) : firstApplied(others, shell))),
      );

/**
 * Where its file says, or, if there is nothing, where it said before.
 * @param before the places its file named in earlier commits
 */
export const baselineOf = (
  environment: Environment,
  before: ReadonlyArray<StatePlace>,
  shell: Shell,
): TE.TaskEither<TerraformError, Baseline> =>
  firstApplied(
    [
      environment,
      ...(environment.removals?.["backend"] === undefined
        ? before.filter((place) => !isSamePlace(place, environment))
        : []),
    ],
    shell,
  );

export const isMoved = (environment: Environment, { place }: Baseline): boolean =>
  place !== undefined && !isSamePlace(place, environment);

/** Those of some environments whose files are gone that have resources still. */
export const abandonedAmong = (
  places: ReadonlyArray<StatePlace>,
  shell: Shell,
): TE.TaskEither<TerraformError, ReadonlyArray<{ readonly name: string; readonly state: State }>> =>
  pipe(
    places,
    TE.traverseSeqArray((place) =>
      pipe(
        readState(place, shell),
        TE.map((state) => ({ name: place.name, state })),
      ),
    ),
    TE.map((all) => all.filter(({ state }) => isApplied(state))),
  );
