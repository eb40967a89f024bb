/** A plan in Terraform's JSON format, as far as it is reviewed. */
import * as t from "io-ts";

export const Change = t.intersection([
  t.type({ actions: t.readonlyArray(t.string) }),
  t.partial({
    before: t.unknown,
    after: t.unknown,
    /** `true` where a value is known after apply only, nested as the value is. */
    after_unknown: t.unknown,
    /** `true` where a value is sensitive, nested as the value is. */
    before_sensitive: t.unknown,
    after_sensitive: t.unknown,
    replace_paths: t.readonlyArray(t.readonlyArray(t.union([t.string, t.number]))),
    importing: t.partial({ id: t.string }),
  }),
]);
export type Change = t.TypeOf<typeof Change>;

export const ResourceChange = t.intersection([
  t.type({ address: t.string, change: Change }),
  t.partial({ mode: t.string, previous_address: t.string, action_reason: t.string, deposed: t.string }),
]);
export type ResourceChange = t.TypeOf<typeof ResourceChange>;

export const PlanJson = t.intersection(
  [
    t.type({ format_version: t.string }),
    t.partial({
      terraform_version: t.string,
      resource_changes: t.readonlyArray(ResourceChange),
      resource_drift: t.readonlyArray(ResourceChange),
      output_changes: t.record(t.string, Change),
    }),
  ],
  "a plan in JSON",
);
export type PlanJson = t.TypeOf<typeof PlanJson>;
