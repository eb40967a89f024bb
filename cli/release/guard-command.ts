import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { abandonedAmong, type Baseline, baselineOf, isMoved } from "./baseline";
import type { StatePlace } from "../../environments/backend";
import { ofTerraform, refused, type ReleaseError } from "./errors";
import { abandoned, displacedState, idleConsents, losses } from "./guard";
import { environmentOf, environments, isCommitted, made, type Made, shell } from "./this-checkout";
import { isKnown, placesAt, placesOf } from "./history";

type Held = Made & { readonly baseline: Baseline };

const lostOf = ({ environment, stack, baseline }: Held): ReadonlyArray<string> => [
  ...(isMoved(environment, baseline) && baseline.place !== undefined
    ? displacedState(environment, baseline.place.backend)
    : []),
  ...losses({ environment, running: baseline.state.resources, after: stack.json }),
];

/** Says what was not checked. */
const unknown = ({ environment: { name }, baseline: { state } }: Held): ReadonlyArray<string> => {
  const commit = state.release?.commit;
  return commit === undefined || !isCommitted() || isKnown(commit)
    ? []
    : [
        `${name}: this checkout has no commit ${commit}, so environments that are gone since are not looked for; git fetch has it, or --unshallow`,
      ];
};

const noted = (held: Held): ReadonlyArray<string> => {
  const { environment, stack, baseline } = held;
  const idle = idleConsents(
    { environment, running: baseline.state.resources, after: stack.json },
    isMoved(environment, baseline),
  );
  return [...unknown(held), ...idle].map((line) => `note: ${line}`);
};

const baselineLine = ({ environment: { name }, baseline: { place, state } }: Held): string =>
  place === undefined
    ? `${name}: nothing is applied there, so there is nothing to lose`
    : `${name}: held against what runs there, ${
        state.release === undefined
          ? "which says no release"
          : `${state.release.version} (commit ${state.release.commit})`
      }: ${state.resources.size} resources`;

const heldAgainst = (one: Made): TE.TaskEither<ReleaseError, Held> =>
  pipe(
    ofTerraform(baselineOf(one.environment, isCommitted() ? placesOf(one.environment.name) : [], shell)),
    TE.map((baseline) => ({ ...one, baseline })),
  );

/** The environments that a commit had which runs somewhere, and that have no file any more. */
const goneSince = (held: ReadonlyArray<Held>, present: ReadonlyArray<string>): ReadonlyArray<StatePlace> => {
  if (!isCommitted()) return [];
  const commits = held.flatMap(({ baseline }) => baseline.state.release?.commit ?? []);
  const places = [...new Set(commits)].flatMap(placesAt).map((place) => [place.name, place] as const);
  return [...new Map(places).values()].filter(({ name }) => name !== "local" && !present.includes(name));
};

type Result = TE.TaskEither<ReleaseError, ReadonlyArray<string>>;

/** Refuses stacks that would lose what keeps data and runs in their environments: removed, renamed or recreated. */
export const guarded = (stacks: ReadonlyArray<Made>): Result =>
  pipe(
    TE.Do,
    TE.apS("all", TE.fromEither(environments())),
    TE.apS("held", TE.traverseSeqArray(heldAgainst)(stacks)),
    TE.bind("leftToNobody", ({ all, held }) =>
      ofTerraform(
        abandonedAmong(
          goneSince(
            held,
            all.map(({ name }) => name),
          ),
          shell,
        ),
      ),
    ),
    TE.flatMapEither(({ held, leftToNobody }) => {
      const lost = [
        ...leftToNobody.map(({ name, state }) => abandoned(name, state.resources)),
        ...held.flatMap(lostOf),
      ];
      const lines = held.map(baselineLine);
      return lost.length > 0
        ? E.left(refused([...lines, "this would lose what was made and filled there:"].join("\n"), lost))
        : E.right([
            ...lines,
            ...held.flatMap(noted),
            "nothing that keeps data is removed, renamed or recreated",
          ]);
    }),
  );

/** The same of what this checkout makes of some environments. */
export const guard = (names: ReadonlyArray<string>): Result =>
  pipe(
    names.length === 0 ? environments() : E.traverseArray(environmentOf)(names),
    TE.fromEither,
    TE.flatMap(made),
    TE.flatMap(guarded),
  );
