import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ACCOUNT } from "./account-memory.mts";
import { expect, Failure, tail } from "./report.mts";
import { type Finished, run } from "./processes.mts";
import type { Providers } from "./provider.mts";

export type Json = Record<string, unknown>;

/**
 * Copies the environment files to a folder, changed as their own codec allows: the account, state kept on disk.
 * Everything else is what is shipped. None names an endpoint: the provider takes it from AWS_ENDPOINT_URL, and a
 * stack that names it takes three times the CPU for every command, for what the provider makes of that block.
 *
 * @param changed what an environment's file says otherwise, by the environment's name
 */
export const environmentsFor = (
  folder: string,
  changed: Readonly<Record<string, (environment: Json) => Json>> = {},
): string => {
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync("environments").filter((name) => name.endsWith(".json"))) {
    const shipped = JSON.parse(readFileSync(join("environments", file), "utf8")) as Json;
    const environment = changed[String(shipped["name"])]?.(shipped) ?? shipped;
    writeFileSync(
      join(folder, file),
      JSON.stringify({
        ...environment,
        account_id: ACCOUNT,
        backend: { type: "local" },
      }),
    );
  }
  return folder;
};

/** What `main.ts` makes of a folder of environment files. */
export const synthesize = async (
  environments: string,
  outdir: string,
  env: NodeJS.ProcessEnv,
  only: ReadonlyArray<string> = [],
): Promise<void> => {
  const args = ["dist/main.js", "--outdir", outdir, ...only.flatMap((name) => ["--environment", name])];
  const { code, output } = await run(process.execPath, args, {
    cwd: process.cwd(),
    env: { ...env, ORDERS_ENVIRONMENTS: environments },
    seconds: 60,
  });
  expect(code === 0, output);
};

/** What Terraform runs with. */
export type Running = { readonly env: NodeJS.ProcessEnv; readonly providers: Providers };

/** The access keys that runs are signed with, by which the emulator tells whose they are. */
export type Keys = { readonly plan: string; readonly apply: string };

const PLAN = "run.tfplan";

/** For a plan on a state that the command before has just read or written. */
export const READ_BEFORE = "-refresh=false";

/** Terraform in the folder of one synthesized stack, planned and applied apart, as HCP Terraform does it. */
export class Workspace {
  readonly folder: string;
  private readonly running: Running;
  private readonly keys: Keys | undefined;

  /** @param keys none: the administrator's */
  constructor(folder: string, running: Running, keys?: Keys) {
    this.folder = folder;
    this.running = running;
    this.keys = keys;
  }

  async terraform(
    args: ReadonlyArray<string>,
    seconds: number,
    phase: keyof Keys = "plan",
  ): Promise<Finished> {
    const [command = "", ...rest] = args;
    // `terraform state` takes its own subcommand first, and colours nothing.
    const plain = command === "state" ? args : [command, "-no-color", ...rest];
    const { env, providers } = this.running;
    const provider = await providers.in(this.folder);
    const key = this.keys?.[phase] ?? env["AWS_ACCESS_KEY_ID"] ?? "";
    provider.signWith(key);
    return run("terraform", plain, {
      cwd: this.folder,
      env: { ...env, ...provider.env, AWS_ACCESS_KEY_ID: key },
      seconds,
    });
  }

  private async done(args: ReadonlyArray<string>, seconds: number, phase?: keyof Keys): Promise<string> {
    const { code, output } = await this.terraform(args, seconds, phase);
    if (code !== 0) throw new Failure(`terraform ${args.join(" ")} ended with ${code}:\n${tail(output)}`);
    return output;
  }

  async init(): Promise<void> {
    await this.done(["init", "-input=false"], 120);
  }

  /** What Terraform plans, for `applyPlanned`; it validates the stack first. */
  async plan(...options: ReadonlyArray<string>): Promise<string> {
    return this.done(["plan", "-input=false", `-out=${PLAN}`, "-parallelism=40", ...options], 180);
  }

  async applyPlanned(): Promise<string> {
    return this.done(["apply", "-input=false", "-parallelism=40", PLAN], 420, "apply");
  }

  async apply(...options: ReadonlyArray<string>): Promise<string> {
    await this.plan(...options);
    return this.applyPlanned();
  }

  async destroy(): Promise<void> {
    await this.apply("-destroy", READ_BEFORE);
  }

  /** Until Terraform runs there again. */
  close(): Promise<void> {
    return this.running.providers.end(this.folder);
  }

  /** Fails with the changes that Terraform still sees. */
  async planIsEmpty(): Promise<void> {
    const { code, output } = await this.terraform(
      ["plan", "-input=false", "-detailed-exitcode", "-parallelism=40"],
      180,
    );
    expect(code === 0, `the plan after apply is not empty (${code}):\n${tail(output, 60)}`);
  }

  async state(): Promise<ReadonlyArray<string>> {
    const { output } = await this.terraform(["state", "list"], 60);
    return output.split("\n").filter((line) => /^[a-z]/.test(line));
  }

  async outputs(): Promise<Readonly<Record<string, string>>> {
    const { value } = {
      value: JSON.parse(await this.done(["output", "-json"], 60)) as Record<string, { value: string }>,
    };
    return Object.fromEntries(Object.entries(value).map(([name, output]) => [name, output.value]));
  }

  /** What a plan, which it makes, would do to each resource. */
  async changes(): Promise<
    ReadonlyArray<{
      readonly address: string;
      readonly type: string;
      readonly actions: ReadonlyArray<string>;
    }>
  > {
    await this.plan();
    const { output } = await this.terraform(["show", "-json", PLAN], 60);
    const plan = JSON.parse(output.slice(output.indexOf("{"))) as {
      resource_changes: { address: string; type: string; change: { actions: string[] } }[];
    };
    return plan.resource_changes.map(({ address, type, change }) => ({
      address,
      type,
      actions: change.actions,
    }));
  }
}
