/** A plan as people review it: one model, which is also what `--json` writes. */
import * as t from "io-ts";
import type { Change, PlanJson, ResourceChange } from "../terraform/plan-json";
import { differences, pathText } from "./differences";

export const ACTIONS = ["create", "update", "replace", "delete", "forget", "move", "import"] as const;
const Action = t.keyof({
  create: null,
  update: null,
  replace: null,
  delete: null,
  forget: null,
  move: null,
  import: null,
});
export type Action = t.TypeOf<typeof Action>;

const Text = t.union([t.string, t.null]);
const DifferenceCodec = t.readonly(t.type({ path: t.string, before: Text, after: Text }));

export const Reviewed = t.readonly(
  t.type({
    address: t.string,
    action: Action,
    /** Why it is replaced or deleted; null where there is nothing to say. */
    reason: Text,
    /** The address it has in the state. */
    moved_from: Text,
    imported: Text,
    attributes: t.readonlyArray(DifferenceCodec),
  }),
);
export type Reviewed = t.TypeOf<typeof Reviewed>;

/** A plain value's only difference has no path. */
const OutputChange = t.readonly(
  t.type({ name: t.string, action: Action, attributes: t.readonlyArray(DifferenceCodec) }),
);

export const Review = t.readonly(
  t.type({
    counts: t.readonly(t.record(Action, t.number)),
    resources: t.readonlyArray(Reviewed),
    outputs: t.readonlyArray(OutputChange),
    /** Drift since the last apply, which this plan takes into account. */
    drift: t.readonlyArray(Reviewed),
  }),
  "a review",
);
export type Review = t.TypeOf<typeof Review>;

const actionOf = ({ actions, importing }: Change, isMoved: boolean): Action | undefined => {
  if (actions.includes("create") && actions.includes("delete")) return "replace";
  if (actions.includes("create")) return "create";
  if (actions.includes("update")) return "update";
  if (actions.includes("delete")) return "delete";
  if (actions.includes("forget")) return "forget";
  if (importing !== undefined) return "import";
  return isMoved ? "move" : undefined;
};

/** Terraform's names for its reasons, in words. */
const REASONS: Readonly<Record<string, string>> = {
  replace_because_tainted: "tainted: an earlier apply left it half made",
  replace_by_request: "somebody asked for it (-replace)",
  replace_by_triggers: "replace_triggered_by",
  delete_because_no_resource_config: "no longer in the stack",
  delete_because_no_module: "its module is no longer in the stack",
  delete_because_no_move_target: "moved to an address that is not in the stack",
  delete_because_wrong_repetition: "count and for_each changed",
  delete_because_count_index: "count is lower",
  delete_because_each_key: "no longer in for_each",
};

const reasonOf = ({ action_reason: reason, change }: ResourceChange): string | null => {
  const forced = [...new Set((change.replace_paths ?? []).map(pathText))];
  if (reason === "replace_because_cannot_update" || (reason === undefined && forced.length > 0))
    return forced.length === 0
      ? "cannot be updated in place"
      : `cannot be updated in place: ${forced.join(", ")}`;
  return reason === undefined ? null : (REASONS[reason] ?? reason.replaceAll("_", " "));
};

const reviewed = (resource: ResourceChange): ReadonlyArray<Reviewed> => {
  const { address, change, previous_address: from, deposed } = resource;
  const action = actionOf(change, from !== undefined);
  if (action === undefined) return [];
  return [
    {
      address: deposed === undefined ? address : `${address} (deposed ${deposed})`,
      action,
      reason: reasonOf(resource),
      moved_from: from ?? null,
      imported: change.importing === undefined ? null : (change.importing.id ?? "an id known after apply"),
      attributes: differences(change),
    },
  ];
};

const outputsOf = (changes: PlanJson["output_changes"]): Review["outputs"] =>
  Object.entries(changes ?? {}).flatMap(([name, change]) => {
    const action = actionOf(change, false);
    return action === undefined ? [] : [{ name, action, attributes: differences(change) }];
  });

/** A replacement is one added and one destroyed, as Terraform counts; here it is one replaced. */
export const countsOf = (resources: ReadonlyArray<Reviewed>): Review["counts"] => {
  const count = (action: Action): number => resources.filter((one) => one.action === action).length;
  return {
    create: count("create"),
    update: count("update"),
    replace: count("replace"),
    delete: count("delete"),
    forget: count("forget"),
    // What is moved or imported may be updated as well.
    move: resources.filter(({ moved_from }) => moved_from !== null).length,
    import: resources.filter(({ imported }) => imported !== null).length,
  };
};

export const reviewOf = (plan: PlanJson): Review => {
  const resources = (plan.resource_changes ?? []).flatMap(reviewed);
  return {
    counts: countsOf(resources),
    resources,
    outputs: outputsOf(plan.output_changes),
    drift: (plan.resource_drift ?? []).flatMap(reviewed),
  };
};

export const isEmpty = ({ resources, outputs }: Review): boolean =>
  resources.length === 0 && outputs.length === 0;
