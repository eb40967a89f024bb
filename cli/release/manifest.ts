/** What a release consists of, by digests: written once, held against what is synthesized at each deployment. */
import * as t from "io-ts";
import type { Environment } from "../../environments/environment";
import { addressesOf, digestOf, restOf, type Synthesized } from "./synthesized";

const Digests = t.record(t.string, t.string);

const StackManifest = t.strict({
  /** Of the whole stack JSON. */
  stack: t.string,
  /** Of each resource's declaration, to name what differs. */
  resources: Digests,
  /** Of the rest of the stack: backend, provider and its version's bounds, outputs. */
  rest: t.string,
  /** Of each bundle and of the provider's lock file, by path. */
  files: Digests,
  /** Of the decoded environment, and its values: no secret stands in an environment. */
  environment: t.strict({ digest: t.string, values: t.UnknownRecord }),
});
export type StackManifest = t.TypeOf<typeof StackManifest>;

export const Manifest = t.strict(
  {
    format: t.literal(1),
    version: t.string,
    commit: t.string,
    environments: t.record(t.string, StackManifest),
  },
  "a release manifest",
);
export type Manifest = t.TypeOf<typeof Manifest>;

const sorted = <A>(entries: Iterable<readonly [string, A]>): Readonly<Record<string, A>> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

export const stackManifest = (
  environment: Environment,
  { text, json, files }: Synthesized,
): StackManifest => {
  return {
    stack: digestOf(text),
    resources: sorted(
      [...addressesOf(json)].map(
        ([address, attributes]) => [address, digestOf(JSON.stringify(attributes))] as const,
      ),
    ),
    rest: digestOf(JSON.stringify(restOf(json))),
    files: sorted([...files].map(([path, content]) => [path, digestOf(content)] as const)),
    environment: { digest: digestOf(JSON.stringify(environment)), values: environment },
  };
};

/** The values of nested settings by path: `retention.logs_days`. */
export const leavesOf = (value: unknown, path = ""): ReadonlyArray<readonly [string, unknown]> =>
  t.UnknownRecord.is(value) && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, one]) => leavesOf(one, path === "" ? key : `${path}.${key}`))
    : [[path, value]];

const changes = <A>(
  before: ReadonlyMap<string, A>,
  after: ReadonlyMap<string, A>,
  line: (key: string, was: A | undefined, is: A | undefined) => string,
): ReadonlyArray<string> =>
  [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => JSON.stringify(before.get(key)) !== JSON.stringify(after.get(key)))
    .map((key) => line(key, before.get(key), after.get(key)));

const shown = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

const what = (was: unknown, is: unknown): string =>
  was === undefined ? "is not in the manifest" : is === undefined ? "is missing" : "differs";

const mapOf = <A>(record: Readonly<Record<string, A>>): ReadonlyMap<string, A> =>
  new Map(Object.entries(record));

/** Everything of a stack that is not as the manifest has it, a line for each; nothing where all is equal. */
export const differences = (
  name: string,
  manifest: StackManifest,
  found: StackManifest,
): ReadonlyArray<string> => {
  const lines = [
    ...changes(
      new Map(leavesOf(manifest.environment.values)),
      new Map(leavesOf(found.environment.values)),
      (path, was, is) => `environment ${name}: ${path}: ${shown(was)} → ${shown(is)}`,
    ),
    ...changes(
      mapOf(manifest.files),
      mapOf(found.files),
      (path, was, is) => `file ${path}: ${what(was, is)}`,
    ),
    ...changes(
      mapOf(manifest.resources),
      mapOf(found.resources),
      (address, was, is) => `resource ${address}: ${what(was, is)}`,
    ),
    ...(manifest.rest === found.rest ? [] : ["backend, provider, its version or outputs: differs"]),
  ];
  return lines.length === 0 && manifest.stack !== found.stack ? ["the stack's JSON: differs"] : lines;
};
