/** What the server remembers. Everything is in memory but archives, configurations and states. */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

export type Workspace = {
  readonly id: string;
  readonly organization: string;
  readonly name: string;
  readonly state: string;
  terraformVersion: string;
  /** The run that holds the lock, or a person's name. */
  lockedBy: string | undefined;
  currentRun: Run | undefined;
  /** What a test has policies and run tasks say to the next runs. */
  policy: "passed" | "hard_failed" | "soft_failed" | undefined;
  task: "passed" | "failed" | undefined;
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
};

export type RunKind = {
  readonly planOnly: boolean;
  readonly savePlan: boolean;
  readonly refreshOnly: boolean;
  readonly destroy: boolean;
  /** By name, as expressions of Terraform's language. */
  readonly variables: Readonly<Record<string, string>>;
};

export type Run = {
  readonly id: string;
  readonly workspace: Workspace;
  readonly configuration: ConfigurationVersion;
  readonly kind: RunKind;
  readonly folder: string;
  readonly plan: Phase;
  readonly apply: Phase;
  readonly cancellation: AbortController;
  readonly policy: Workspace["policy"];
  readonly task: Workspace["task"];
  status: string;
  hasChanges: boolean;
  /** Terraform's plan in JSON, and the same as everybody who sees the run may read it. */
  json: unknown;
  redacted: unknown;
};

const id = (prefix: string): string => `${prefix}-${randomBytes(8).toString("hex")}`;

const phase = (prefix: string): Phase => ({ id: id(prefix), status: "pending", log: "" });

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
      terraformVersion: "1.11.4",
      lockedBy: undefined,
      currentRun: undefined,
      policy: undefined,
      task: undefined,
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

  addRun(configuration: ConfigurationVersion, kind: RunKind): Run {
    const { workspace } = configuration;
    const own = id("run");
    const folder = join(this.folder, own);
    mkdirSync(folder);
    const run: Run = {
      id: own,
      workspace,
      configuration,
      kind,
      folder,
      plan: phase("plan"),
      apply: phase("apply"),
      cancellation: new AbortController(),
      policy: workspace.policy,
      task: workspace.task,
      status: "pending",
      hasChanges: false,
      json: undefined,
      redacted: undefined,
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
