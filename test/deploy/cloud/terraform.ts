/** What executes a run: the real terraform, with the logs that HCP Terraform makes of it by default. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as t from "io-ts";
import { Providers } from "../../terraform/provider.mts";
import type { Run } from "./store";

const SECONDS = 600;
const PLAN_FILE = "run.tfplan";

type Log = (text: string) => void;

/** @throws what the run then fails with */
export type Executor = {
  readonly plan: (run: Run, log: Log) => Promise<Pick<Run, "json" | "redacted" | "hasChanges">>;
  readonly apply: (run: Run, log: Log) => Promise<void>;
  readonly close: () => Promise<void>;
};

type Command = { readonly env: NodeJS.ProcessEnv; readonly run: Run; readonly log: Log };

/**
 * Runs terraform to its end, its time limit or its cancellation, in a group of its own that is ended whole.
 * @returns its standard output; `log` is told of both
 */
const terraform = (args: ReadonlyArray<string>, { env, run, log }: Command): Promise<string> =>
  new Promise((resolve, reject) => {
    const { signal } = run.cancellation;
    const child = spawn("terraform", args, {
      cwd: run.folder,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const end = (how: NodeJS.Signals): void => {
      if (child.pid === undefined || child.exitCode !== null) return;
      try {
        process.kill(-child.pid, how);
      } catch {
        // It ended in the meantime.
      }
    };
    const stop = (): void => {
      // Terraform writes its state on SIGINT; what has not ended soon after is killed.
      end("SIGINT");
      setTimeout(() => end("SIGKILL"), 5_000).unref();
    };
    const kill = (): void => end("SIGKILL");
    const limit = setTimeout(stop, SECONDS * 1_000);
    signal.addEventListener("abort", stop, { once: true });
    process.once("exit", kill);
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      log(text);
    });
    child.stderr.setEncoding("utf8").on("data", log);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(limit);
      signal.removeEventListener("abort", stop);
      process.removeListener("exit", kill);
      if (code === 0) resolve(stdout);
      else reject(new Error(`terraform ${args[0] ?? ""} ended with ${code ?? "a signal"}`));
    });
    if (signal.aborted) stop();
  });

const Plan = t.intersection([
  t.type({ format_version: t.string }),
  t.partial({
    resource_changes: t.array(
      t.intersection([t.UnknownRecord, t.type({ type: t.string, change: t.UnknownRecord })]),
    ),
    resource_drift: t.array(
      t.intersection([t.UnknownRecord, t.type({ type: t.string, change: t.UnknownRecord })]),
    ),
    output_changes: t.record(t.string, t.UnknownRecord),
  }),
]);
type Plan = t.TypeOf<typeof Plan>;

/** A stack without a provider has no schemas. */
const Schemas = t.intersection([
  t.type({ format_version: t.string }),
  t.partial({ provider_schemas: t.record(t.string, t.partial({ resource_schemas: t.UnknownRecord })) }),
]);

type Schemas = t.TypeOf<typeof Schemas>;

const decodedBy =
  <A>(codec: t.Type<A>) =>
  (text: string): A => {
    const json: unknown = JSON.parse(text);
    if (codec.is(json)) return json;
    throw new Error("terraform wrote nothing that is known here");
  };

/** A value with every part that is marked sensitive taken out of it. */
const masked = (value: unknown, marks: unknown): unknown => {
  if (marks === true) return value === null || value === undefined ? value : "REDACTED";
  if (Array.isArray(value) && Array.isArray(marks))
    return value.map((one, index) => masked(one, marks[index]));
  if (t.UnknownRecord.is(value) && t.UnknownRecord.is(marks))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, masked(one, marks[key])]));
  return value;
};

const maskedChange = (change: Readonly<Record<string, unknown>>) => ({
  ...change,
  before: masked(change["before"], change["before_sensitive"]),
  after: masked(change["after"], change["after_sensitive"]),
});

/** What everybody who sees a run may read: no sensitive value, and the schemas that its rendering needs. */
const redactedOf = (plan: Plan, { format_version, provider_schemas = {} }: Schemas) => {
  const { resource_changes = [], resource_drift = [], output_changes = {} } = plan;
  const used = new Set([...resource_changes, ...resource_drift].map(({ type }) => type));
  return {
    plan_format_version: plan.format_version,
    resource_changes: resource_changes.map((one) => ({ ...one, change: maskedChange(one.change) })),
    resource_drift: resource_drift.map((one) => ({ ...one, change: maskedChange(one.change) })),
    output_changes: Object.fromEntries(
      Object.entries(output_changes).map(([name, change]) => [name, maskedChange(change)]),
    ),
    provider_format_version: format_version,
    provider_schemas: Object.fromEntries(
      Object.entries(provider_schemas).map(([name, { resource_schemas = {} }]) => [
        name,
        {
          resource_schemas: Object.fromEntries(
            Object.entries(resource_schemas).filter(([type]) => used.has(type)),
          ),
        },
      ]),
    ),
  };
};

/**
 * @param extra for terraform and its providers: credentials, CLI configuration, certificates
 * @param provider the AWS provider, of which each run has one process; none: Terraform starts what the stack needs
 */
export const terraformExecutor = (extra: NodeJS.ProcessEnv, provider?: string): Executor => {
  const base = { ...extra, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" };
  const providers = provider === undefined ? undefined : new Providers(provider, base);
  const envOf = async ({ folder }: Run): Promise<NodeJS.ProcessEnv> => ({
    ...base,
    ...(await providers?.in(folder))?.env,
  });
  /** Schemas are long, and the same for the same providers: by their lock. */
  const known = new Map<string, Promise<Schemas>>();
  const schemasFor = (command: Command): Promise<Schemas> => {
    const file = join(command.run.folder, ".terraform.lock.hcl");
    const lock = existsSync(file) ? readFileSync(file, "utf8") : "";
    const read =
      known.get(lock) ?? terraform(["providers", "schema", "-json"], command).then(decodedBy(Schemas));
    known.set(lock, read);
    // Of a run that was cancelled.
    read.catch(() => known.delete(lock));
    return read;
  };
  return {
    plan: async (run, log) => {
      const { folder, workspace, kind } = run;
      const env = await envOf(run);
      const quiet: Command = { env, run, log: () => undefined };
      // The supported way to replace a cloud block: an override file, which no uploaded file is edited for.
      writeFileSync(
        join(folder, "server_override.tf.json"),
        JSON.stringify({ terraform: { backend: { local: { path: workspace.state } } } }),
      );
      writeFileSync(
        join(folder, "run.auto.tfvars"),
        Object.entries(kind.variables)
          .map(([name, value]) => `${name} = ${value}\n`)
          .join(""),
      );
      let setup = "";
      const initialising: Command = { env, run, log: (text) => (setup += text) };
      await terraform(["init", "-input=false", "-no-color"], initialising).catch((error: unknown) => {
        log(setup);
        throw error;
      });
      await terraform(
        [
          ...["plan", "-json", "-input=false", "-lock-timeout=30s", `-out=${PLAN_FILE}`],
          ...(kind.refreshOnly ? ["-refresh-only"] : []),
          ...(kind.destroy ? ["-destroy"] : []),
        ],
        { env, run, log },
      );
      const shown = decodedBy(Plan)(await terraform(["show", "-json", PLAN_FILE], quiet));
      const schemas = await schemasFor(quiet);
      // The workspace's own version would have planned this.
      const json = { ...shown, terraform_version: workspace.terraformVersion };
      const { resource_changes = [], resource_drift = [], output_changes = {} } = json;
      const changes = [
        ...(kind.refreshOnly ? resource_drift : resource_changes).map(({ change, previous_address: from }) =>
          from === undefined && change["importing"] === undefined ? change["actions"] : ["move"],
        ),
        ...Object.values(output_changes).map(({ actions }) => actions),
      ];
      const hasChanges = changes.some((actions) => !["no-op", "read"].includes(String(actions)));
      if (kind.planOnly || !hasChanges) await providers?.end(folder);
      return { json, redacted: redactedOf(json, schemas), hasChanges };
    },
    apply: async (run, log) => {
      const env = await envOf(run);
      await terraform(["apply", "-json", "-input=false", PLAN_FILE], { env, run, log }).finally(() =>
        providers?.end(run.folder),
      );
    },
    close: async () => providers?.endAll(),
  };
};
