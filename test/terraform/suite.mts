/**
 * `npm run test:terraform`: the stacks that `main.ts` makes, given to the real Terraform with the real AWS
 * provider, applied to an API that speaks AWS's language, and looked at through the AWS SDK.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sourceCommand } from "../../cli/source-command.mts";
import { ACCOUNT } from "./account-memory.mts";
import { bootstrapped, type Permitted, permittedIn, type Phase } from "./account.mts";
import { deployedChecks } from "./deployed.mts";
import { endAll, run } from "./processes.mts";
import { expect, Failure, finish, note, plain, step, tail } from "./report.mts";
import { noSecretIn, plantSecrets } from "./secrets.mts";
import { startStandIn } from "./stand-in.mts";
import { findTools } from "./tools.mts";
import { upgradeKeepsData } from "./upgrade.mts";
import { environmentsFor, synthesize, Workspace } from "./workspace.mts";

sourceCommand(
  "test:terraform",
  "plan, apply, upgrade and destroy every environment with the real Terraform, on an AWS emulator",
).parse();

const folder = mkdtempSync(join(tmpdir(), "orders-terraform-"));
process.on("exit", () => {
  endAll();
  rmSync(folder, { recursive: true, force: true });
});

note("looking for Terraform, its AWS provider and the AWS emulator");
mkdirSync(join(folder, "tools"));
const tools = await findTools(join(folder, "tools"));
if ("missing" in tools) {
  console.error(
    `The Terraform suite needs what is not here:\n${tools.missing.map((line) => `  ${line}`).join("\n")}`,
  );
  process.exit(1);
}
// Providers leave their sockets in the temporary folder: in ours they go with it.
const env: NodeJS.ProcessEnv = { ...tools.env, MOTO_ACCOUNT_ID: ACCOUNT, TMPDIR: join(folder, "tools") };

note("starting the AWS emulator");
const standIn = await startStandIn(env);
const { endpoint } = standIn;

/** dev is deployed by the cdktf CLI, which synthesizes by itself, into an output folder of its own. */
const outputOf = (name: string): string =>
  name === "dev" ? join(folder, "dev", "out") : join(folder, "out");
/** Calls of each stack are signed with a key of its own, by which the emulator tells whose they are. */
const keyed = (name: string): NodeJS.ProcessEnv => ({ ...env, AWS_ACCESS_KEY_ID: name });
const workspace = (name: string): Workspace =>
  new Workspace(join(outputOf(name), "stacks", name), keyed(name));

/** What the roles of runs may do, as the account's stack grants it: shipped, and with prod decommissioned. */
const where = { folder, env, endpoint };
const permitted = await permittedIn(where);
const permittedToDestroy = await permittedIn(where, { decommission: "decided by the suite" });

/** Fails with the actions that the provider needed since this was last asked and the phase's role has not. */
const withinItsRole = async (name: string, phase: Phase, roles: Permitted = permitted): Promise<void> => {
  const missing = standIn.actionsSince(name).filter((action) => !roles(name, phase)(action));
  await step(`${name}: the ${phase} role may do what was done`, () => {
    expect(missing.length === 0, `stacks/account grants no ${missing.join(", ")}`);
    return Promise.resolve();
  });
};

await step("synthesize every environment for the emulator", async () => {
  const environments = environmentsFor(join(folder, "environments"), endpoint);
  mkdirSync(join(folder, "dev"));
  await synthesize(environments, join(folder, "out"), env);
  await synthesize(environments, outputOf("dev"), env);
});

const validated = async (name: string): Promise<void> => {
  const stack = workspace(name);
  await step(`${name}: init, validate`, async () => {
    await stack.init();
    await stack.validate();
  });
  await step(`${name}: plan`, async () => {
    const output = await stack.plan();
    expect(/Plan: \d+ to add, 0 to change, 0 to destroy/.test(output), output.slice(-500));
  });
};

const looksAsConfigured = async (name: string): Promise<void> => {
  const outputs = await step(`${name}: outputs`, async () => {
    const found = await workspace(name).outputs();
    expect(
      Object.keys(found).length === 7 && Object.values(found).every((value) => value !== ""),
      JSON.stringify(found),
    );
    return found;
  });
  if (outputs === undefined) return;
  for (const { name: what, look } of deployedChecks(name, endpoint, outputs))
    await step(`${name}: ${what}`, look);
};

const applied = async (name: string, apply: () => Promise<void>): Promise<void> => {
  await step(`${name}: apply`, async () => {
    await plantSecrets(name, endpoint);
    await apply();
  });
  await withinItsRole(name, "apply");
  await step(`${name}: nothing to change after apply`, () => workspace(name).planIsEmpty());
  await withinItsRole(name, "plan");
  await step(`${name}: no secret in the state`, () => noSecretIn(workspace(name)));
};

const nothingLeft = async (stack: Workspace): Promise<void> => {
  const left = await stack.state();
  expect(left.length === 0, `left in the state: ${left.join(", ")}`);
};

/** As an engineer types it. `--skip-provider-lock`: the lock wants the registry's answer for every platform. */
const cdktf = async (command: "plan" | "apply", ...options: string[]): Promise<string> => {
  const typed = ["run", "--silent", "cdktf", "--", command, "dev", "--skip-provider-lock"];
  const { code, output } = await run("npm", [...typed, "--output", outputOf("dev"), ...options], {
    cwd: process.cwd(),
    env: { ...keyed("dev"), CI: "1", ORDERS_ENVIRONMENTS: join(folder, "environments") },
    seconds: 420,
  });
  expect(code === 0, tail(output));
  return output;
};

const dev = async (): Promise<void> => {
  await step("dev: cdktf plan dev", async () => {
    const output = await cdktf("plan");
    expect(plain(output).includes("to add"), tail(output));
  });
  await applied("dev", async () => {
    await cdktf("apply", "--auto-approve");
  });
  await looksAsConfigured("dev");
};

/** prod refuses to be destroyed until its environment file says who decided it, as the README tells. */
const prod = async (): Promise<void> => {
  await applied("prod", () => workspace("prod").apply());
  await looksAsConfigured("prod");
  await step("prod: refuses to be destroyed, naming what it protects", async () => {
    const { code, output } = await workspace("prod").terraform(
      ["destroy", "-input=false", "-auto-approve"],
      180,
    );
    expect(code !== 0 && plain(output).includes("Instance cannot be destroyed"), output.slice(-800));
    for (const address of [
      "aws_dynamodb_table.orders_table",
      "aws_s3_bucket.archive",
      "aws_sqs_queue.orders_queue",
    ])
      expect(plain(output).includes(address), `${address} is not named:\n${output.slice(-1_500)}`);
  });
  await step("prod: with its decommissioning declared, applied and destroyed, leaves nothing", async () => {
    const environments = environmentsFor(join(folder, "environments-lifted"), endpoint, {
      decommission: "decided by the suite",
    });
    await synthesize(environments, join(folder, "out"), env, ["prod"]);
    const stack = workspace("prod");
    await stack.apply();
    await stack.destroy();
    await nothingLeft(stack);
  });
  await withinItsRole("prod", "apply", permittedToDestroy);
};

try {
  for (const pair of [
    ["dev", "staging"],
    ["prod", "local"],
  ])
    await Promise.all(pair.map(validated));
  await bootstrapped(where);
  // Side by side in one account: whatever two environments shared would be refused as existing already.
  await Promise.all([
    dev(),
    prod(),
    upgradeKeepsData({ folder, env, endpoint, workspace: workspace("staging") }),
  ]);
  await step("dev and staging: destroyed, leave nothing", async () => {
    const stacks = [workspace("dev"), workspace("staging")];
    await Promise.all(stacks.map((stack) => stack.destroy()));
    for (const stack of stacks) await nothingLeft(stack);
  });
  for (const name of ["dev", "staging"]) await withinItsRole(name, "apply");
} catch (error) {
  await step("the suite itself", () => Promise.reject(new Failure(String(error))));
} finally {
  await standIn.stop();
}
finish();
