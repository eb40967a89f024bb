/**
 * `npm run test:terraform`: the stacks that `main.ts` makes, given to the real Terraform with the real AWS
 * provider, applied to an API that speaks AWS's language, and looked at through the AWS SDK.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployedChecks } from "./deployed.mts";
import { endAll } from "./processes.mts";
import { expect, Failure, finish, note, plain, step } from "./report.mts";
import { startStandIn } from "./stand-in.mts";
import { findTools } from "./tools.mts";
import { upgradeKeepsData } from "./upgrade.mts";
import { ACCOUNT, environmentsFor, synthesize, Workspace } from "./workspace.mts";

const folder = mkdtempSync(join(tmpdir(), "orders-terraform-"));
process.on("exit", () => {
  endAll();
  rmSync(folder, { recursive: true, force: true });
});

mkdirSync(join(folder, "tools"));
const tools = await findTools(join(folder, "tools"));
if ("missing" in tools) {
  console.error(
    `The Terraform suite needs what is not here:\n${tools.missing.map((line) => `  ${line}`).join("\n")}`,
  );
  process.exit(1);
}
const env: NodeJS.ProcessEnv = { ...tools.env, MOTO_ACCOUNT_ID: ACCOUNT };

note("starting the AWS stand-in");
const standIn = await startStandIn(env);
const { endpoint } = standIn;

await step("synthesize every environment for the stand-in", () =>
  synthesize(environmentsFor(join(folder, "environments"), endpoint), join(folder, "out"), env),
);
const workspace = (name: string, out = "out"): Workspace =>
  new Workspace(join(folder, out, "stacks", name), env);

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
      Object.keys(found).length === 6 && Object.values(found).every((value) => value !== ""),
      JSON.stringify(found),
    );
    return found;
  });
  if (outputs === undefined) return;
  for (const { name: what, look } of deployedChecks(name, endpoint, outputs))
    await step(`${name}: ${what}`, look);
};

const applied = async (name: string): Promise<void> => {
  await step(`${name}: apply`, () => workspace(name).apply());
  await step(`${name}: nothing to change after apply`, () => workspace(name).planIsEmpty());
};

const nothingLeft = async (stack: Workspace): Promise<void> => {
  const left = await stack.state();
  expect(left.length === 0, `left in the state: ${left.join(", ")}`);
};

const dev = async (): Promise<void> => {
  await applied("dev");
  await looksAsConfigured("dev");
};

/** prod refuses to be destroyed until its environment file says who decided it, as the README tells. */
const prod = async (): Promise<void> => {
  await applied("prod");
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
    await synthesize(environments, join(folder, "out"), env);
    const stack = workspace("prod");
    await stack.apply();
    await stack.destroy();
    await nothingLeft(stack);
  });
};

try {
  for (const pair of [
    ["dev", "staging"],
    ["prod", "local"],
  ])
    await Promise.all(pair.map(validated));
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
} catch (error) {
  await step("the suite itself", () => Promise.reject(new Failure(String(error))));
} finally {
  await standIn.stop();
}
finish();
