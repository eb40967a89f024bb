import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { accountStackIn, synthesizeAccount, type Where } from "./account.mts";
import { ACCOUNT } from "./account-memory.mts";
import { Providers } from "./provider.mts";
import { expect, note, step } from "./report.mts";
import { accessKeyOf, type Phase, rolesIn, type RolesOf, runRoles } from "./roles.mts";
import { type StandIn, startStandIn } from "./stand-in.mts";
import type { Tools } from "./tools.mts";
import { environmentsFor, type Json, synthesize, Workspace } from "./workspace.mts";

/** Why prod may be destroyed. */
export const DECISION = "decided by the suite";

/** An environment's file, changed. */
export type Change = (environment: Json) => Json;

const declaredRoles = async (where: Where, changes: Json): Promise<RolesOf> => {
  const outdir = join(where.folder, "accounts", Object.keys(changes).join("-") || "shipped");
  await synthesizeAccount(where, { state: "bucket" }, outdir, changes);
  return rolesIn(JSON.parse(readFileSync(join(accountStackIn(outdir), "cdk.tf.json"), "utf8")));
};

/** The emulator's account, and the environments in it. */
export class World {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly providers: Providers;
  private readonly standIn: StandIn;

  private constructor(folder: string, { env, provider }: Tools, standIn: StandIn) {
    this.folder = folder;
    this.env = env;
    this.providers = new Providers(provider, env);
    this.standIn = standIn;
  }

  static async start(folder: string, { env: given, provider }: Tools): Promise<World> {
    // Providers leave their sockets in the temporary folder: in ours they go with it.
    const env = { ...given, MOTO_ACCOUNT_ID: ACCOUNT, TMPDIR: join(folder, "tools") };
    note("starting the AWS emulator, behind the roles of the account's stack");
    const shipped = await declaredRoles({ folder, env }, {});
    const ending = await declaredRoles({ folder, env }, { decommission: DECISION });
    const standIn = await startStandIn(env, runRoles(shipped, ending));
    return new World(folder, { env: { ...env, AWS_ENDPOINT_URL: standIn.endpoint }, provider }, standIn);
  }

  get endpoint(): string {
    return this.standIn.endpoint;
  }

  async stop(): Promise<void> {
    await this.providers.endAll();
    await this.standIn.stop();
  }

  /** dev is deployed by the cdktf CLI, which synthesizes by itself, into an output folder of its own. */
  outputOf(name: string): string {
    return name === "dev" ? join(this.folder, "dev", "out") : join(this.folder, "out");
  }

  /** The environment files, as they are shipped or with a change of one of them. */
  files(name = "shipped", changed: Readonly<Record<string, Change>> = {}): string {
    return environmentsFor(join(this.folder, "environments", name), changed);
  }

  async synthesizeAll(): Promise<void> {
    mkdirSync(join(this.folder, "dev"));
    await synthesize(this.files(), join(this.folder, "out"), this.env);
  }

  /** What an environment's stack becomes by a change of its file. */
  async synthesizeChanged(name: string, what: string, change: Change): Promise<void> {
    const files = this.files(what.replaceAll(" ", "-"), { [name]: change });
    await synthesize(files, this.outputOf(name), this.env, [name]);
  }

  /** As an engineer's or HCP Terraform's run, under the role of its phase. */
  asRole(name: string, phase: Phase): NodeJS.ProcessEnv {
    return { ...this.env, AWS_ACCESS_KEY_ID: accessKeyOf(name, phase) };
  }

  /** Plans run under the environment's plan role, and what changes something under its apply role. */
  workspace(name: string, applying: "apply" | "decommission" = "apply"): Workspace {
    return new Workspace(this.stackOf(name), this, {
      plan: accessKeyOf(name, "plan"),
      apply: accessKeyOf(name, applying),
    });
  }

  stackOf(name: string): string {
    return join(this.outputOf(name), "stacks", name);
  }

  /** A step whose calls are judged: it fails with what the roles were refused, whatever Terraform made of that. */
  async judged(name: string, what: string, work: () => Promise<void>): Promise<void> {
    const phases: ReadonlyArray<Phase> = ["plan", "apply", "decommission"];
    await step(`${name}: ${what}`, () =>
      work().finally(() => {
        const refused = phases.flatMap((phase) => this.standIn.refusedSince(accessKeyOf(name, phase)));
        expect(refused.length === 0, `stacks/account does not allow what was done:\n${refused.join("\n")}`);
      }),
    );
  }
}
