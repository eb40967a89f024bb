/** What only the local platform tells of itself, and the pages show. */
import * as t from "io-ts";

const Decision = {
  at: t.string,
  who: t.string,
  action: t.string,
  resource: t.string,
  allowed: t.boolean,
  /** By which statements it was allowed, or what is missing or in the way. */
  text: t.string,
};
const Decided = t.type(Decision);
export type Decided = t.TypeOf<typeof Decided>;

const Grant = { role: t.string, policy: t.string, statement: t.string };

/** What of a statement nothing has needed: an action on any of its resources, or a resource for any of its actions. */
const UnusedGrant = t.intersection([t.type(Grant), t.partial({ action: t.string, resource: t.string })]);
export type UnusedGrant = t.TypeOf<typeof UnusedGrant>;

export const Permissions = t.type({
  /** The last one first. */
  newest: t.readonlyArray(Decided),
  refused: t.readonlyArray(t.type({ ...Decision, times: t.number })),
  /** Grants in their statements' own words, and how often each was needed. */
  used: t.readonlyArray(t.type({ ...Grant, action: t.string, resource: t.string, calls: t.number })),
  unused: t.readonlyArray(UnusedGrant),
});
export type Permissions = t.TypeOf<typeof Permissions>;

const FaultSwitch = t.type({ id: t.string, text: t.string, on: t.boolean });
export type FaultSwitch = t.TypeOf<typeof FaultSwitch>;

export const Faults = t.type({
  rules: t.readonlyArray(FaultSwitch),
  /** What was injected, the last one first. */
  happened: t.readonlyArray(t.type({ at: t.string, text: t.string })),
});
export type Faults = t.TypeOf<typeof Faults>;
