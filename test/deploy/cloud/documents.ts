/** The server's answers, in JSON:API as HCP Terraform writes them: what Terraform reads of them. */
import { isCancelable, isConfirmable } from "./runs";
import type { ConfigurationVersion, Phase, Run, Workspace } from "./store";

const ref = (type: string, id: string) => ({ data: { id, type } });
const refs = (type: string, ids: ReadonlyArray<string>) => ({ data: ids.map((id) => ({ id, type })) });

/** What a token's team may do in a workspace. Only administrators may read a plan in JSON. */
export type Access = "plan" | "write" | "admin";

export const entitlements = (organization: string) => ({
  id: organization,
  type: "entitlement-sets",
  attributes: { operations: true, "state-storage": true, "policy-enforcement": true },
});

export const projectDocument = (name: string) => ({
  id: "prj-default",
  type: "projects",
  attributes: { name },
});

export const workspaceDocument = (workspace: Workspace, access: Access) => {
  const { id, name, organization, lockedBy, currentRun, terraformVersion } = workspace;
  return {
    id,
    type: "workspaces",
    attributes: {
      name,
      locked: lockedBy !== undefined,
      operations: true,
      "execution-mode": "remote",
      "auto-apply": false,
      "structured-run-output-enabled": true,
      "terraform-version": terraformVersion,
      permissions: {
        "can-queue-run": true,
        "can-queue-apply": access !== "plan",
        "can-update": access === "admin",
      },
    },
    relationships: {
      organization: ref("organizations", organization),
      project: ref("projects", "prj-default"),
      "current-run": currentRun === undefined ? { data: null } : ref("runs", currentRun.id),
    },
  };
};

export const configurationDocument = ({ id, status, speculative }: ConfigurationVersion, origin: string) => ({
  id,
  type: "configuration-versions",
  attributes: {
    status,
    speculative,
    ...(status === "pending" ? { "upload-url": `${origin}/archives/${id}` } : {}),
  },
});

const policyId = ({ id }: Run): string => `polchk-${id}`;
const stageId = ({ id }: Run): string => `ts-${id}`;

export const runDocument = (run: Run) => ({
  id: run.id,
  type: "runs",
  attributes: {
    status: run.status,
    "has-changes": run.hasChanges,
    "is-destroy": run.kind.destroy,
    "plan-only": run.kind.planOnly,
    "save-plan": run.kind.savePlan,
    "refresh-only": run.kind.refreshOnly,
    actions: { "is-cancelable": isCancelable(run), "is-confirmable": isConfirmable(run) },
    permissions: { "can-apply": true, "can-cancel": true },
  },
  relationships: {
    workspace: ref("workspaces", run.workspace.id),
    "configuration-version": ref("configuration-versions", run.configuration.id),
    plan: ref("plans", run.plan.id),
    apply: ref("applies", run.apply.id),
    "policy-checks": refs("policy-checks", run.policy === undefined ? [] : [policyId(run)]),
    "task-stages": refs("task-stages", run.task === undefined ? [] : [stageId(run)]),
  },
});

export const phaseDocument = (
  type: "plans" | "applies",
  { id, status }: Phase,
  run: Run,
  origin: string,
) => ({
  id,
  type,
  attributes: { status, "has-changes": run.hasChanges, "log-read-url": `${origin}/logs/${id}` },
});

export const policyDocument = (run: Run) => ({
  id: policyId(run),
  type: "policy-checks",
  attributes: {
    status: run.policy,
    scope: "organization",
    actions: { "is-overridable": run.policy === "soft_failed" },
    permissions: { "can-override": false },
  },
});

export const taskStageDocument = (run: Run) => ({
  id: stageId(run),
  type: "task-stages",
  attributes: { stage: "post_plan", status: run.task },
  relationships: { "task-results": refs("task-results", [`taskrs-${run.id}`]) },
});

export const taskResultDocument = (run: Run) => ({
  id: `taskrs-${run.id}`,
  type: "task-results",
  attributes: {
    status: run.task,
    message: "three findings",
    "task-name": "cost-guard",
    "workspace-task-enforcement-level": "mandatory",
  },
});

export const stateVersionDocument = (workspace: Workspace, serial: number, origin: string) => ({
  id: `sv-${workspace.id}`,
  type: "state-versions",
  attributes: {
    serial,
    status: "finalized",
    "hosted-state-download-url": `${origin}/states/${workspace.id}`,
  },
});
