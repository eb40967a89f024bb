/** What a release consists of, by digests: written once, compared with what is synthesized at each deployment. */
import * as t from "io-ts";
import type { Environment } from "../../environments/environment";
import { addressesOf, digestOf, restOf, type Synthesized } from "./synthesized";

const Digests = t.record(t.string, t.string);

const StackManifest = t.strict({
  /** Of the whole stack except its release output: it decides; the others locate a difference. */
  stack: t.string,
  /** Of each attribute of each resource, shortened. */
  resources: t.record(t.string, Digests),
  /** Of each setting of the rest: backend, the bounds of Terraform's and the provider's versions, outputs. */
  settings: Digests,
  /** Of each bundle, of the provider's lock file and of what is left out of an upload, by path. */
  files: Digests,
  /** Of the decoded environment, and its values: no secret stands in an environment. */
  environment: t.strict({ digest: t.string, values: t.UnknownRecord }),
});
export type StackManifest = t.TypeOf<typeof StackManifest>;

export const Manifest = t.strict(
  {
    format: t.literal(1),
    version: t.string,
    tag: t.union([t.string, t.null]),
    commit: t.string,
    environments: t.record(t.string, StackManifest),
  },
  "a release manifest",
);
export type Manifest = t.TypeOf<typeof Manifest>;

const sorted = <A>(entries: Iterable<readonly [string, A]>): Readonly<Record<string, A>> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

const LONG_ENOUGH_TO_TELL_APART = 16;
const shortDigest = (value: unknown): string =>
  digestOf(JSON.stringify(value)).slice(0, LONG_ENOUGH_TO_TELL_APART);

/** cdktf's own remarks mean nothing to Terraform. */
const isRemark = (key: string): boolean => key === "//";

/** `terraform.required_providers`, `provider.aws`, `output.api_endpoint`, … */
const settingsOf = (rest: Readonly<Record<string, unknown>>): ReadonlyArray<readonly [string, unknown]> =>
  Object.entries(rest).flatMap(([kind, settings]) =>
    t.UnknownRecord.is(settings) && !Array.isArray(settings)
      ? Object.entries(settings).map(([name, value]) => [`${kind}.${name}`, value] as const)
      : [[kind, settings] as const],
  );

/** cdktf puts an asset into a folder named after its content; without it, other content has the same path. */
const pathOf = (path: string): string => path.replace(/^(assets\/[^/]+)\/[0-9A-F]{32}\//, "$1/");

export const stackManifest = (
  environment: Environment,
  { json, release, files }: Synthesized,
): StackManifest => ({
  stack: release.stack,
  resources: sorted(
    [...addressesOf(json)].map(
      ([address, attributes]) =>
        [
          address,
          sorted(
            Object.entries(attributes)
              .filter(([key]) => !isRemark(key))
              .map(([key, value]) => [key, shortDigest(value)] as const),
          ),
        ] as const,
    ),
  ),
  settings: sorted(
    settingsOf(restOf(json)).map(([name, value]) => [name, digestOf(JSON.stringify(value))] as const),
  ),
  files: sorted([...files].map(([path, content]) => [pathOf(path), digestOf(content)] as const)),
  environment: { digest: digestOf(JSON.stringify(environment)), values: environment },
});

/** The values of nested settings by path: `retention.logs_days`. */
const leavesOf = (value: unknown, path = ""): ReadonlyArray<readonly [string, unknown]> =>
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

const shortened = (digest: string): string => digest.slice(0, LONG_ENOUGH_TO_TELL_APART);

const what = (was: string | undefined, is: string | undefined): string =>
  was === undefined
    ? "is not in the manifest"
    : is === undefined
      ? "is missing"
      : `manifest ${shortened(was)}, now ${shortened(is)}`;

/** The attributes in which a resource differs, or that there is only one of it. */
const resourceLine = (
  address: string,
  was: Readonly<Record<string, string>> | undefined,
  is: Readonly<Record<string, string>> | undefined,
): string => {
  if (was === undefined) return `resource ${address}: is not in the manifest`;
  if (is === undefined) return `resource ${address}: is missing`;
  return `resource ${address}: ${changes(mapOf(was), mapOf(is), (attribute) => attribute).join(", ")}: differs`;
};

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
    ...changes(mapOf(manifest.resources), mapOf(found.resources), resourceLine),
    ...changes(
      mapOf(manifest.settings),
      mapOf(found.settings),
      (name, was, is) => `${name}: ${what(was, is)}`,
    ),
  ];
  return lines.length === 0 && manifest.stack !== found.stack ? ["the stack's JSON: differs"] : lines;
};
