/** What the server remembers. Everything is in memory but archives, configurations and states. */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

export type Workspace = {
  readonly id: string;
  readonly organization: string;
  readonly name: string;
  readonly state: string;
  /** The run that holds the lock, or a person's name. */
  lockedBy: string | undefined;
  currentRun: Run | undefined;
};

export type ConfigurationVersion = {
  readonly id: string;
  readonly workspace: Workspace;
  readonly speculative: boolean;
  readonly archive: string;
  status: "pending" | "uploaded" | "errored";
};

export type Phase = {
  readonly id: string;
  status: "pending" | "running" | "finished" | "errored" | "canceled" | "unreachable";
  log: string;
  counts: { add: number; change: number; destroy: number };
};

export type RunKind = {
  readonly planOnly: boolean;
  readonly savePlan: boolean;
  readonly refreshOnly: boolean;
  readonly autoApply: boolean;
  readonly destroy: boolean;
};

export type Run = {
  readonly id: string;
  readonly workspace: Workspace;
  readonly configuration: ConfigurationVersion;
  readonly kind: RunKind;
  readonly message: string;
  readonly folder: string;
  readonly createdAt: string;
  readonly plan: Phase;
  readonly apply: Phase;
  readonly cancellation: AbortController;
  status: string;
  /** When it was applied, or had nothing to apply. */
  finishedAt: string | undefined;
  json: unknown;
  /** Statuses a test gave policy checks of this run. */
  policies: ReadonlyArray<string>;
};

const id = (prefix: string): string => `${prefix}-${randomBytes(8).toString("hex")}`;

const phase = (prefix: string): Phase => ({
  id: id(prefix),
  status: "pending",
  log: "",
  counts: { add: 0, change: 0, destroy: 0 },
});

export class Store {
  readonly workspaces: Workspace[] = [];
  readonly configurations: ConfigurationVersion[] = [];
  /** The oldest first. */
  readonly runs: Run[] = [];

  constructor(private readonly folder: string) {}

  addWorkspace(organization: string, name: string): Workspace {
    const workspace: Workspace = {
      id: id("ws"),
      organization,
      name,
      state: join(this.folder, `${organization}-${name}.tfstate`),
      lockedBy: undefined,
      currentRun: undefined,
    };
    this.workspaces.push(workspace);
    return workspace;
  }

  addConfiguration(workspace: Workspace, speculative: boolean): ConfigurationVersion {
    const own = id("cv");
    const archive = join(this.folder, `${own}.tar.gz`);
    const configuration: ConfigurationVersion = {
      id: own,
      workspace,
      speculative,
      archive,
      status: "pending",
    };
    this.configurations.push(configuration);
    return configuration;
  }

  addRun(configuration: ConfigurationVersion, kind: RunKind, message: string): Run {
    const own = id("run");
    const folder = join(this.folder, own);
    mkdirSync(folder);
    const run: Run = {
      id: own,
      workspace: configuration.workspace,
      configuration,
      kind,
      message,
      folder,
      createdAt: new Date().toISOString(),
      plan: phase("plan"),
      apply: phase("apply"),
      cancellation: new AbortController(),
      status: "pending",
      finishedAt: undefined,
      json: undefined,
      policies: [],
    };
    this.runs.push(run);
    return run;
  }

  workspaceNamed(organization: string, name: string): Workspace | undefined {
    return this.workspaces.find((one) => one.organization === organization && one.name === name);
  }
}

export const byId = <A extends { readonly id: string }>(
  all: ReadonlyArray<A>,
  wanted: string,
): A | undefined => all.find((one) => one.id === wanted);
