import type { Unused } from "../../../local/engine/iam/recorder";

/** A line for a list of reviewed exceptions, and for a failure. */
export const unusedLine = (unused: Unused): string =>
  unused._tag === "Action"
    ? `${unused.role}: nothing uses ${unused.action} on ${unused.resources.join(", ")} (${unused.policy} ${unused.statement})`
    : `${unused.role}: nothing uses ${unused.resource} for ${unused.actions.join(", ")} (${unused.policy} ${unused.statement})`;
