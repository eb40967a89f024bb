/** How a run moves: planned when its workspace is free, then finished, saved or waiting to be confirmed. */
import { extract } from "tar";
import { changesOf, PlanJson } from "../../../cli/hcp/summary";
import type { Executor } from "./executor";
import type { Phase, Run, Store } from "./store";

/** HCP Terraform frames a finished log with these. */
const START = "\u0002";
const END = "\u0003";

export const isConfirmable = ({ status, kind }: Run): boolean =>
  !kind.planOnly && (status === "planned" || status === "planned_and_saved");

export const isCancelable = ({ status }: Run): boolean =>
  ["pending", "plan_queued", "planning", "apply_queued", "applying"].includes(status);

export type Runner = {
  readonly start: (run: Run) => void;
  /** @returns false if it cannot be applied now */
  readonly apply: (run: Run) => boolean;
  readonly discard: (run: Run) => boolean;
  readonly cancel: (run: Run) => boolean;
  /** Cancels what runs and waits for it. */
  readonly close: () => Promise<void>;
};

const open = (phase: Phase): ((text: string) => void) => {
  phase.status = "running";
  phase.log = START;
  return (text) => {
    phase.log += text;
  };
};

const close = (phase: Phase, status: Phase["status"]): void => {
  phase.log += END;
  phase.status = status;
};

export const runnerOf = (store: Store, executor: Executor): Runner => {
  const working = new Set<Promise<void>>();

  const release = ({ workspace, id }: Run): void => {
    if (workspace.lockedBy === id) workspace.lockedBy = undefined;
    const waiting = store.runs.find((one) => one.workspace === workspace && one.status === "pending");
    if (waiting !== undefined) start(waiting);
  };

  const settle = (run: Run, status: string): void => {
    run.status = status;
    if (status === "applied" || status === "planned_and_finished") run.finishedAt = new Date().toISOString();
    release(run);
  };

  const track = (work: Promise<void>): void => {
    working.add(work);
    void work.finally(() => working.delete(work));
  };

  const failed = (run: Run, phase: Phase, error: unknown): void => {
    const wasCancelled = run.cancellation.signal.aborted;
    phase.log += `\n${error instanceof Error ? error.message : String(error)}\n`;
    close(phase, wasCancelled ? "canceled" : "errored");
    settle(run, wasCancelled ? "canceled" : "errored");
  };

  const planned = (run: Run): void => {
    const { planOnly, savePlan, autoApply } = run.kind;
    const json = PlanJson.is(run.json) ? run.json : {};
    const summary = changesOf(json);
    run.plan.counts = summary;
    if (run.policies.length > 0)
      settle(run, run.policies.includes("soft_failed") ? "policy_override" : "errored");
    else if (planOnly || summary.addresses.length === 0) settle(run, "planned_and_finished");
    else if (savePlan) settle(run, "planned_and_saved");
    else {
      run.status = "planned";
      if (autoApply) apply(run);
    }
  };

  const planIt = async (run: Run): Promise<void> => {
    const { folder, workspace, kind, cancellation } = run;
    run.status = "planning";
    const log = open(run.plan);
    try {
      await extract({ file: run.configuration.archive, cwd: folder });
      const { refreshOnly, destroy } = kind;
      const { signal } = cancellation;
      run.json = await executor.plan({ folder, state: workspace.state, refreshOnly, destroy, log, signal });
      close(run.plan, "finished");
    } catch (error) {
      failed(run, run.plan, error);
      return;
    }
    planned(run);
  };

  const applyIt = async (run: Run): Promise<void> => {
    const { folder, workspace, cancellation } = run;
    run.status = "applying";
    const log = open(run.apply);
    try {
      await executor.apply({ folder, state: workspace.state, log, signal: cancellation.signal });
    } catch (error) {
      failed(run, run.apply, error);
      return;
    }
    run.apply.counts = run.plan.counts;
    close(run.apply, "finished");
    // The state is another now: what was planned on the old one must not be applied any more.
    for (const other of store.runs)
      if (other.workspace === workspace && other.status === "planned_and_saved") other.status = "discarded";
    settle(run, "applied");
  };

  const start = (run: Run): void => {
    const { workspace, kind } = run;
    const isExclusive = !kind.planOnly && !kind.savePlan;
    if (isExclusive && workspace.lockedBy !== undefined) return;
    if (isExclusive) workspace.lockedBy = run.id;
    if (isExclusive) workspace.currentRun = run;
    run.status = "plan_queued";
    track(planIt(run));
  };

  const apply = (run: Run): boolean => {
    const { workspace } = run;
    if (!isConfirmable(run) || (workspace.lockedBy ?? run.id) !== run.id) return false;
    workspace.lockedBy = run.id;
    workspace.currentRun = run;
    run.status = "apply_queued";
    track(applyIt(run));
    return true;
  };

  return {
    start,
    apply,
    discard: (run) => {
      if (!isConfirmable(run) && run.status !== "policy_override") return false;
      settle(run, "discarded");
      return true;
    },
    cancel: (run) => {
      if (!isCancelable(run)) return false;
      run.cancellation.abort();
      if (run.status === "pending") settle(run, "canceled");
      return true;
    },
    close: async () => {
      for (const run of store.runs) run.cancellation.abort();
      await Promise.all(working);
    },
  };
};
