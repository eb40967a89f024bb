/** How a run moves: planned when its workspace is free, then finished, saved, or failed by a policy or a task. */
import { extract } from "tar";
import type { Phase, Run, Store } from "./store";
import type { Executor } from "./terraform";

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
  readonly cancel: (run: Run) => boolean;
  /** A workspace that was locked by a person is free again. */
  readonly unlocked: () => void;
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

  const settle = (run: Run, status: string): void => {
    run.status = status;
    if (run.workspace.lockedBy === run.id) run.workspace.lockedBy = undefined;
    startNext();
  };

  const track = (work: Promise<void>): void => {
    working.add(work);
    void work.finally(() => working.delete(work));
  };

  const failed = (run: Run, phase: Phase, error: unknown): void => {
    const status = run.cancellation.signal.aborted ? "canceled" : "errored";
    phase.log += `${error instanceof Error ? error.message : String(error)}\n`;
    close(phase, status);
    settle(run, status);
  };

  const statusOfPlanned = ({ policy, task, kind, hasChanges }: Run): string => {
    if (policy === "hard_failed" || task === "failed") return "errored";
    if (policy === "soft_failed") return "policy_override";
    if (kind.planOnly || !hasChanges) return "planned_and_finished";
    return kind.savePlan ? "planned_and_saved" : "planned";
  };

  const planIt = async (run: Run): Promise<void> => {
    run.status = "planning";
    const log = open(run.plan);
    try {
      await extract({ file: run.configuration.archive, cwd: run.folder });
      Object.assign(run, await executor.plan(run, log));
      close(run.plan, "finished");
    } catch (error) {
      failed(run, run.plan, error);
      return;
    }
    settle(run, statusOfPlanned(run));
  };

  const applyIt = async (run: Run): Promise<void> => {
    run.status = "applying";
    const log = open(run.apply);
    try {
      await executor.apply(run, log);
    } catch (error) {
      failed(run, run.apply, error);
      return;
    }
    close(run.apply, "finished");
    // The state is another now: what was planned on the old one must not be applied any more.
    for (const other of store.runs)
      if (other.workspace === run.workspace && other.status === "planned_and_saved")
        other.status = "discarded";
    settle(run, "applied");
  };

  /** An apply needs its workspace for itself; a plan that is saved or only looked at does not. */
  const startNext = (): void => {
    for (const run of store.runs) {
      const { workspace } = run;
      if (run.status !== "confirmed" || workspace.lockedBy !== undefined) continue;
      workspace.lockedBy = run.id;
      run.status = "apply_queued";
      track(applyIt(run));
    }
  };

  return {
    start: (run) => {
      run.status = "plan_queued";
      track(planIt(run));
    },
    apply: (run) => {
      if (!isConfirmable(run)) return false;
      run.status = "confirmed";
      run.workspace.currentRun = run;
      startNext();
      return true;
    },
    cancel: (run) => {
      if (!isCancelable(run)) return false;
      run.cancellation.abort();
      return true;
    },
    unlocked: startNext,
    close: async () => {
      for (const run of store.runs) run.cancellation.abort();
      await Promise.all(working);
      await executor.close();
    },
  };
};
