import type { Run } from "./documents";

/**
 * HCP Terraform has some thirty statuses of a run and adds new ones. Only these classes matter, and a status
 * nobody here has heard of is `working` until the server says that the run can be confirmed.
 */
export type Standing =
  | "waiting" /* for somebody to start it */
  | "working"
  | "confirmable"
  | "policy" /* for somebody to overrule a policy */
  | "finished"
  | "discarded"
  | "failed";

const STANDINGS: Readonly<Record<string, Standing>> = {
  pending: "waiting",
  fetching: "waiting",
  queuing: "waiting",
  plan_queued: "waiting",
  queuing_apply: "waiting",
  apply_queued: "waiting",
  planned_and_saved: "confirmable",
  policy_override: "policy",
  policy_soft_failed: "policy",
  post_plan_awaiting_decision: "policy",
  applied: "finished",
  planned_and_finished: "finished",
  discarded: "discarded",
  canceled: "discarded",
  force_canceled: "discarded",
  errored: "failed",
};

export const standingOf = ({ status, confirmable }: Run): Standing =>
  confirmable ? "confirmable" : (STANDINGS[status] ?? "working");

/** Nothing more happens to it by itself. */
export const isSettled = (run: Run): boolean => {
  const standing = standingOf(run);
  return standing !== "waiting" && standing !== "working";
};

/** Nothing more happens to a run that was confirmed: that it still says it can be is old news. */
export const isOver = (run: Run): boolean =>
  isSettled({ ...run, confirmable: false }) && run.status !== "planned_and_saved";
