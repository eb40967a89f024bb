/** An environment as Terraform knows it: read from its state, whatever its backend. */
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import type { StatePlace } from "../../environments/backend";
import { Release, RELEASE } from "../../stacks/release";
import type { TerraformError } from "../terraform/errors";
import { pulledState } from "../terraform/state";
import type { Stack } from "../terraform/terraform";

const Instance = t.partial({ attributes: t.union([t.UnknownRecord, t.null]) });
const StateJson = t.type({
  version: t.literal(4),
  outputs: t.record(t.string, t.type({ value: t.unknown })),
  resources: t.readonlyArray(
    t.type({ mode: t.string, type: t.string, name: t.string, instances: t.readonlyArray(Instance) }),
  ),
});

/** The attributes of every resource, by address. */
export type Resources = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

export type State = {
  /** Undefined where nothing is applied, and where what is applied does not say. */
  readonly release: Release | undefined;
  readonly resources: Resources;
  /** The values of all outputs, by name. */
  readonly outputs: Readonly<Record<string, unknown>>;
};

/** Of an environment that was never applied, or is destroyed. */
export const EMPTY: State = { release: undefined, resources: new Map(), outputs: {} };

export const isApplied = ({ resources }: State): boolean => resources.size > 0;

/** Reads what `terraform state pull` writes: nothing at all where there is no state. */
const decodeState = (text: string): E.Either<string, State> => {
  if (text.trim() === "") return E.right(EMPTY);
  return pipe(
    E.tryCatch(
      (): unknown => JSON.parse(text),
      () => "the state is not JSON",
    ),
    E.flatMap((json) =>
      pipe(
        StateJson.decode(json),
        E.mapLeft(() => "the state is not of a version this command reads (4)"),
      ),
    ),
    E.map(({ outputs, resources }) => ({
      outputs: Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])),
      release: pipe(
        Release.decode(outputs[RELEASE]?.value),
        E.getOrElse((): Release | undefined => undefined),
      ),
      resources: new Map(
        resources
          .filter(({ mode }) => mode === "managed")
          .map(({ type, name, instances }) => [`${type}.${name}`, instances[0]?.attributes ?? {}] as const),
      ),
    })),
  );
};

export const readState = (
  place: StatePlace,
  shell: Pick<Stack, "env" | "say">,
): TE.TaskEither<TerraformError, State> =>
  pipe(
    pulledState(place, shell),
    TE.flatMapEither((text) =>
      pipe(
        decodeState(text),
        E.mapLeft((detail): TerraformError => ({
          _tag: "NotReadable",
          what: "terraform state pull",
          detail,
        })),
      ),
    ),
  );
