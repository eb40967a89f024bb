import * as t from "io-ts";

/** A plan in Terraform's JSON format: what would change, and what had changed behind its back. */

const Change = t.type({
  address: t.string,
  change: t.intersection([
    t.type({ actions: t.readonlyArray(t.string) }),
    t.partial({ before: t.unknown, after: t.unknown }),
  ]),
});

const Configured = t.type({ address: t.string, expressions: t.UnknownRecord });

export const PlanJson = t.partial({
  resource_changes: t.readonlyArray(Change),
  resource_drift: t.readonlyArray(Change),
  configuration: t.partial({
    root_module: t.partial({ resources: t.readonlyArray(Configured) }),
  }),
});
export type PlanJson = t.TypeOf<typeof PlanJson>;

export type Mark = "+" | "~" | "-" | "-/+" | "forget";
export type ChangedAddress = { readonly mark: Mark; readonly address: string };

export type Summary = {
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
  readonly addresses: ReadonlyArray<ChangedAddress>;
};

const markOf = (actions: ReadonlyArray<string>): Mark | undefined => {
  if (actions.includes("create") && actions.includes("delete")) return "-/+";
  if (actions.includes("create")) return "+";
  if (actions.includes("update")) return "~";
  if (actions.includes("delete")) return "-";
  return actions.includes("forget") ? "forget" : undefined;
};

const summaryOf = (changes: PlanJson["resource_changes"] = []): Summary => {
  const addresses = changes.flatMap(({ address, change: { actions } }): ReadonlyArray<ChangedAddress> => {
    const mark = markOf(actions);
    return mark === undefined ? [] : [{ mark, address }];
  });
  const count = (...marks: ReadonlyArray<Mark>): number =>
    addresses.filter(({ mark }) => marks.includes(mark)).length;
  // A replacement is one added and one destroyed, as Terraform counts it.
  return { add: count("+", "-/+"), change: count("~"), destroy: count("-", "-/+"), addresses };
};

export const changesOf = ({ resource_changes }: PlanJson): Summary => summaryOf(resource_changes);

/** What a service leaves out and what it gives back as nothing are the same: null, "", false, 0, [] and {}. */
const substance = (value: unknown): unknown => {
  if (value === null || value === undefined || value === "" || value === false || value === 0)
    return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(substance);
  if (!t.UnknownRecord.is(value)) return value;
  const filled = Object.entries(value)
    .map(([key, one]) => [key, substance(one)] as const)
    .filter(([, one]) => one !== undefined);
  return filled.length === 0 ? undefined : Object.fromEntries(filled);
};

const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(substance(one)) === JSON.stringify(substance(other));

/** Tags come from the provider's defaults too: a resource's own configuration does not name them. */
const TAGS = ["tags", "tags_all"];

/**
 * What was changed by other hands. Terraform also lists what a resource shows of others (a bucket its policy,
 * a role its policies), which after a first apply is merely read for the first time: only what is configured
 * can drift, and each thing drifts where it is configured.
 */
export const driftOf = ({ resource_drift = [], configuration }: PlanJson): Summary => {
  const configured = new Map(
    (configuration?.root_module?.resources ?? []).map(({ address, expressions }) => [
      address,
      [...Object.keys(expressions), ...TAGS],
    ]),
  );
  const isDrift = ({ address, change: { actions, before, after } }: t.TypeOf<typeof Change>): boolean => {
    if (!actions.includes("update") || !t.UnknownRecord.is(before) || !t.UnknownRecord.is(after)) return true;
    // An instance of a counted resource, or one the configuration does not tell of: anything may be configured.
    const attributes = configured.get(address) ?? [...Object.keys(before), ...Object.keys(after)];
    return attributes.some((attribute) => !isSame(before[attribute], after[attribute]));
  };
  return summaryOf(resource_drift.filter(isDrift));
};

export const headline = ({ add, change, destroy }: Omit<Summary, "addresses">): string =>
  `+${add} ~${change} -${destroy}`;

/** `+3 ~1 -0`, then a line an address. */
export const summaryLines = (summary: Summary): ReadonlyArray<string> => [
  headline(summary),
  ...summary.addresses.map(({ mark, address }) => `  ${mark.padEnd(3)} ${address}`),
];
