import * as t from "io-ts";

/** A plan in Terraform's JSON format: what would change, and what had changed behind its back. */

const Change = t.type({ address: t.string, change: t.type({ actions: t.readonlyArray(t.string) }) });

export const PlanJson = t.partial({
  resource_changes: t.readonlyArray(Change),
  resource_drift: t.readonlyArray(Change),
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

export const driftOf = ({ resource_drift }: PlanJson): Summary => summaryOf(resource_drift);

export const headline = ({ add, change, destroy }: Omit<Summary, "addresses">): string =>
  `+${add} ~${change} -${destroy}`;

/** `+3 ~1 -0`, then a line an address. */
export const summaryLines = (summary: Summary): ReadonlyArray<string> => [
  headline(summary),
  ...summary.addresses.map(({ mark, address }) => `  ${mark.padEnd(3)} ${address}`),
];
