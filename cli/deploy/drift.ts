/** Drift: what was changed outside Terraform, less what the environment's file declares as known. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as t from "io-ts";
import type { KnownDrift } from "../../environments/environment";
import type { Difference } from "./differences";
import { Reviewed } from "./review";
import { fitting, resourceTable, rowsOf } from "./show";

const Known = t.type({ address: t.string, attribute: t.string, why: t.string, until: t.string });
const Outdated = t.type({ address: t.string, attribute: t.string, because: t.string });

/** Also what `--json` writes. */
export const DriftReport = t.readonly(
  t.type({
    environment: t.string,
    /** The URL of the run that looked, with HCP Terraform. */
    link: t.union([t.string, t.null]),
    drifted: t.readonlyArray(Reviewed),
    /** Entries of `known_drift` that were left out of it. */
    known: t.readonlyArray(Known),
    /** Entries that should go from the file. */
    outdated: t.readonlyArray(Outdated),
  }),
  "a drift report",
);
export type DriftReport = t.TypeOf<typeof DriftReport>;

const StackJson = t.type({ resource: t.record(t.string, t.record(t.string, t.UnknownRecord)) });

/** The attributes that each resource of a synthesized stack is configured with, by address. */
export const configuredIn = (folder: string): ReadonlyMap<string, ReadonlySet<string>> => {
  const json: unknown = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
  return new Map(
    Object.entries(StackJson.is(json) ? json.resource : {}).flatMap(([type, named]) =>
      Object.entries(named).map(
        ([name, attributes]) => [`${type}.${name}`, new Set(Object.keys(attributes))] as const,
      ),
    ),
  );
};

/** Tags come from the provider's defaults too: a resource's own configuration does not name them. */
const TAGS = ["tags", "tags_all"];

/** What a service leaves out and what it gives back as nothing are the same. */
const NOTHING: ReadonlyArray<string | null> = [null, "", "false", "0", "[]", "{}"];

const firstOf = (path: string): string => /^[\w-]+/.exec(path)?.[0] ?? path;

/**
 * Terraform also lists what a resource shows of others (a bucket its policy, a role its policies), which after
 * a first apply is merely read for the first time: only what is configured can drift, and each thing drifts
 * where it is configured.
 */
const isConfigured =
  (configured: ReadonlySet<string> | undefined) =>
  ({ path, before, after }: Difference): boolean =>
    !(NOTHING.includes(before) && NOTHING.includes(after)) &&
    (configured === undefined || configured.has(firstOf(path)) || TAGS.includes(firstOf(path)));

const withAttributes = (one: Reviewed, attributes: ReadonlyArray<Difference>): ReadonlyArray<Reviewed> =>
  one.action === "update" && attributes.length === 0 ? [] : [{ ...one, attributes }];

const isOf =
  (address: string, { path }: Difference) =>
  (known: KnownDrift): boolean =>
    known.address === address &&
    (path === known.attribute ||
      path.startsWith(`${known.attribute}.`) ||
      path.startsWith(`${known.attribute}[`));

type Found = {
  readonly environment: string;
  readonly link: string | null;
  readonly drift: ReadonlyArray<Reviewed>;
  readonly configured: ReadonlyMap<string, ReadonlySet<string>>;
  readonly known: ReadonlyArray<KnownDrift>;
  /** As in 2027-01-31. */
  readonly today: string;
};

export const driftReport = (found: Found): DriftReport => {
  const { drift, configured, known, today } = found;
  const current = known.filter(({ until }) => until >= today);
  const real = drift.flatMap((one) =>
    withAttributes(
      one,
      one.attributes.filter(isConfigured(configured.get(one.address.replace(/\[.*\]$/, "")))),
    ),
  );
  const matched = (entry: KnownDrift): boolean =>
    real.some(({ address, attributes }) => attributes.some((one) => isOf(address, one)(entry)));
  const drifted = real.flatMap((one) =>
    withAttributes(
      one,
      one.attributes.filter((difference) => !current.some(isOf(one.address, difference))),
    ),
  );
  return {
    environment: found.environment,
    link: found.link,
    drifted,
    known: current.filter(matched),
    outdated: known.flatMap((entry) => {
      const { address, attribute, until } = entry;
      if (until < today) return [{ address, attribute, because: `was known until ${until}` }];
      return matched(entry) ? [] : [{ address, attribute, because: "nothing differs there any more" }];
    }),
  };
};

const remarks = ({ environment, known, outdated }: DriftReport): ReadonlyArray<string> => [
  ...known.map(
    ({ address, attribute, why, until }) => `known until ${until}: ${address}: ${attribute} (${why})`,
  ),
  ...outdated.map(
    ({ address, attribute, because }) =>
      `out of date in environments/${environment}.json, known_drift: ${address}: ${attribute}: ${because}`,
  ),
];

export const driftHeadline = ({ environment, drifted }: DriftReport): string =>
  drifted.length === 0
    ? `${environment}: nothing drifted`
    : `${environment}: ${drifted.length} ${drifted.length === 1 ? "resource" : "resources"} drifted`;

export const driftLines = (report: DriftReport): ReadonlyArray<string> => [
  ...rowsOf(report.drifted),
  ...remarks(report),
];

export const driftMarkdown = (report: DriftReport): string =>
  fitting([
    `### ${driftHeadline(report)}`,
    "",
    ...resourceTable("", report.drifted),
    ...remarks(report).map((line) => `- ${line}`),
    ...(report.link === null ? [] : ["", `[The run](${report.link}).`]),
  ]);
