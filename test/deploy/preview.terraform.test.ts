/** Preview environments with the real Terraform and provider, on an AWS emulator: one comes, is found, and goes. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Checkout, checkoutIn } from "../support/checkout";
import { type StandIn, startStandIn } from "../terraform/stand-in.mts";
import { findTools } from "../terraform/tools.mts";
import { temporaryFolder } from "../support/temporary-folder";
import { runCommand } from "../support/process";

const ACCOUNT = "123456789012";

let folder: string;
let standIn: StandIn;
let checkout: Checkout;
let env: NodeJS.ProcessEnv;

const run = async (program: string, args: ReadonlyArray<string>, changes: NodeJS.ProcessEnv = {}) => {
  const { code: status, ...printed } = await runCommand(program, args, {
    cwd: checkout.folder,
    env,
    changes,
    seconds: 280,
  });
  return { status, ...printed };
};
const preview = (...args: ReadonlyArray<string>) => run("preview", args);

beforeAll(async () => {
  folder = temporaryFolder("previews");
  mkdirSync(join(folder, "tools"));
  const tools = await findTools(join(folder, "tools"));
  if ("missing" in tools) throw new Error(`this needs what is not here:\n${tools.missing.join("\n")}`);
  const aws = { ...tools.env, MOTO_ACCOUNT_ID: ACCOUNT, TMPDIR: join(folder, "tools") };
  standIn = await startStandIn(aws);
  env = {
    ...aws,
    AWS_ENDPOINT_URL: standIn.endpoint,
    TF_CLI_ARGS_apply: "-parallelism=40",
    ORDERS_ENVIRONMENTS: undefined,
    INIT_CWD: undefined,
  };
  const clone = join(folder, "clone");
  checkout = checkoutIn(clone, () => {
    const file = join(clone, "environments", "dev.json");
    const shipped = JSON.parse(readFileSync(file, "utf8")) as object;
    writeFileSync(file, JSON.stringify({ ...shipped, account_id: ACCOUNT, backend: { type: "local" } }));
  });
  checkout.build();
});
afterAll(async () => {
  await standIn.stop();
});

it("comes with an endpoint of its own, says what it is, is found by its state alone, and goes", async () => {
  expect(await preview("list")).toEqual({ status: 0, stdout: "", stderr: "" });
  const created = await preview("create", "pr-123");
  expect(created).toMatchObject({ status: 0, stdout: expect.stringMatching(/\npv123: https?:\/\/\S+\n$/) });

  // Its file is generated, and no part of the commit.
  expect(checkout.git("check-ignore", ".previews/pv123.json")).toBe(".previews/pv123.json\n");
  const outputs = await run("deploy", ["outputs", "pv123"], { ORDERS_ENVIRONMENTS: ".previews" });
  expect(JSON.parse(outputs.stdout)).toMatchObject({
    orders_table: "pv123-orders",
    release: {
      commit: checkout.git("rev-parse", "HEAD").trim(),
      preview: { pull_request: 123, created: expect.stringMatching(/^\d{4}-/) },
    },
  });

  rmSync(join(checkout.folder, ".previews"), { recursive: true });
  expect(await preview("expired")).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(await preview("expired", "--days", "0")).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^123 +pv123 +\d{4}-\S+Z\n$/),
  });

  expect(await preview("destroy", "123")).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/\npv123: destroyed\n$/),
  });
  expect(await preview("list")).toEqual({ status: 0, stdout: "", stderr: "" });
});

it.each([
  [["create", "main"], "main: expected the number of a pull request, such as 123"],
  [["create", "123", "--from", "nowhere"], "there is no environment nowhere"],
  [["expired", "--days", "soon"], "--days soon: expected a number of days"],
])("%j is wrong use, and does nothing", (args, said) => {
  const { status, stderr } = spawnSync(process.execPath, ["dist/preview.js", ...args], {
    cwd: checkout.folder,
    env,
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(said) });
});
