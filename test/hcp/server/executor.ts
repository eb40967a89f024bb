/** What executes a run: the real terraform, or in tests of the client alone something that pretends. */

export type PlanOrder = {
  /** The unpacked configuration; the plan is kept in it. */
  readonly folder: string;
  /** The workspace's state file; it may not exist yet. */
  readonly state: string;
  readonly refreshOnly: boolean;
  readonly destroy: boolean;
  readonly log: (text: string) => void;
  readonly signal: AbortSignal;
};

/** @throws what the run then fails with */
export type Executor = {
  /** @returns Terraform's plan in its JSON format */
  readonly plan: (order: PlanOrder) => Promise<unknown>;
  readonly apply: (order: Pick<PlanOrder, "folder" | "state" | "log" | "signal">) => Promise<void>;
};
