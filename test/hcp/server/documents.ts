/** The server's answers, in JSON:API as HCP Terraform writes them: what the two clients read of them. */
import { isCancelable, isConfirmable } from "./runs";
import type { ConfigurationVersion, Phase, Run, Workspace } from "./store";

const ref = (type: string, id: string) => ({ data: { id, type } });

export const entitlements = (organization: string) => ({
  id: organization,
  type: "entitlement-sets",
  attributes: {
    operations: true,
    "state-storage": true,
    "private-module-registry": false,
    "policy-enforcement": true,
  },
});

export const projectDocument = (name: string) => ({
  id: "prj-default",
  type: "projects",
  attributes: { name },
});

export const workspaceDocument = ({ id, name, organization, lockedBy, currentRun }: Workspace) => ({
  id,
  type: "workspaces",
  attributes: {
    name,
    locked: lockedBy !== undefined,
    operations: true,
    "execution-mode": "remote",
    "auto-apply": false,
    "structured-run-output-enabled": false,
    "terraform-version": "latest",
    permissions: Object.fromEntries(
      ["queue-run", "queue-apply", "queue-destroy", "read-settings", "update", "lock", "unlock"].map(
        (name) => [`can-${name}`, true],
      ),
    ),
  },
  relationships: {
    organization: ref("organizations", organization),
    project: ref("projects", "prj-default"),
    "current-run": currentRun === undefined ? { data: null } : ref("runs", currentRun.id),
  },
});

export const configurationDocument = ({ id, status, speculative }: ConfigurationVersion, origin: string) => ({
  id,
  type: "configuration-versions",
  attributes: {
    status,
    speculative,
    "auto-queue-runs": false,
    source: "tfe-api",
    ...(status === "pending" ? { "upload-url": `${origin}/archives/${id}` } : {}),
  },
});

export const runDocument = (run: Run) => ({
  id: run.id,
  type: "runs",
  attributes: {
    status: run.status,
    message: run.message,
    "created-at": run.createdAt,
    "status-timestamps":
      run.finishedAt === undefined
        ? {}
        : { [run.status === "applied" ? "applied-at" : "planned-and-finished-at"]: run.finishedAt },
    "has-changes": Object.values(run.plan.counts).some((count) => typeof count === "number" && count > 0),
    "is-destroy": run.kind.destroy,
    "plan-only": run.kind.planOnly,
    "save-plan": run.kind.savePlan,
    "refresh-only": run.kind.refreshOnly,
    "auto-apply": run.kind.autoApply,
    source: "tfe-api",
    actions: {
      "is-cancelable": isCancelable(run),
      "is-confirmable": isConfirmable(run),
      "is-discardable": isConfirmable(run) || run.status === "policy_override",
      "is-force-cancelable": false,
    },
    permissions: { "can-apply": true, "can-cancel": true, "can-discard": true, "can-force-execute": true },
  },
  relationships: {
    workspace: ref("workspaces", run.workspace.id),
    "configuration-version": ref("configuration-versions", run.configuration.id),
    plan: ref("plans", run.plan.id),
    apply: ref("applies", run.apply.id),
    "policy-checks": { data: [] },
  },
});

export const phaseDocument = (type: "plans" | "applies", phase: Phase, origin: string) => ({
  id: phase.id,
  type,
  attributes: {
    status: phase.status,
    "has-changes": phase.counts.add + phase.counts.change + phase.counts.destroy > 0,
    "resource-additions": phase.counts.add,
    "resource-changes": phase.counts.change,
    "resource-destructions": phase.counts.destroy,
    "log-read-url": `${origin}/logs/${phase.id}`,
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
