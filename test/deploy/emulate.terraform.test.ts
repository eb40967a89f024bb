/** `npm run emulate` with the real Terraform and provider: an environment comes, is checked, and goes. */
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { type Finished, run } from "../support/process";
import { temporaryFolder } from "../support/temporary-folder";
import { type StandIn, startStandIn } from "../terraform/stand-in.mts";
import { findTools } from "../terraform/tools.mts";

let emulatorEnv: NodeJS.ProcessEnv;
let env: NodeJS.ProcessEnv;
let temporary: string;
let standIn: StandIn | undefined;

beforeAll(async () => {
  const folder = temporaryFolder("emulate");
  temporary = join(folder, "tmp");
  for (const one of ["tools", "tmp"]) mkdirSync(join(folder, one));
  const tools = await findTools(join(folder, "tools"));
  if ("missing" in tools) throw new Error(`this needs what is not here:\n${tools.missing.join("\n")}`);
  emulatorEnv = { ...tools.env, TMPDIR: temporary };
  env = {
    ...emulatorEnv,
    TF_CLI_ARGS_apply: "-parallelism=40",
    // What no call may be signed with.
    AWS_ACCESS_KEY_ID: "somebodys-own",
    AWS_PROFILE: "somebodys-own",
  };
});

afterAll(() => standIn?.stop());

/** Runs the command, and presses Ctrl-C once it has printed something. */
const emulate = (args: ReadonlyArray<string>, until: string): Promise<Finished> => {
  let isPressed = false;
  return run(process.execPath, ["dist/emulate.js", ...args], {
    env,
    seconds: 280,
    onOutput: (printed, interrupt) => {
      if (isPressed || !printed.includes(until)) return;
      isPressed = true;
      interrupt();
    },
  });
};

it("applies and checks an environment on an emulator of its own, which ends with all it holds", async () => {
  const { code, stdout, stderr } = await emulate(["prod", "--keep"], "kept until Ctrl-C");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(
    /^starting the AWS emulator, moto …\nsynthesizing prod …\napplying prod with Terraform …\nprod: \d+ to create/,
  );
  expect(stdout).toContain('\norders_table = "prod-orders"\n');
  expect(stdout).toMatch(
    /\nsmoke test …\nok +notifications subscribed .*\nok +dead-letter queue empty .*\nskipped the other 10/,
  );
  expect(stdout).toMatch(/\nprod: nothing is left of it\n$/);
  const endpoint = /AWS +(http\S+)/.exec(stdout)?.[1] ?? "";
  await expect(fetch(endpoint)).rejects.toThrow("fetch failed");
  expect(readdirSync(temporary)).toEqual([]);
});

it("interrupted on an emulator that was there before, destroys what it had made by then", async () => {
  standIn = await startStandIn(emulatorEnv);
  const { endpoint } = standIn;
  const { code, stdout, stderr } = await emulate(["dev", "--endpoint", endpoint], "Creation complete");
  expect({ code, stderr }).toEqual({ code: 130, stderr: "interrupted; what was made is gone again\n" });
  expect(stdout).toMatch(/\ndestroying dev …\n/);
  expect(stdout).toMatch(/\ndev: nothing is left of it\n$/);
  expect(readdirSync(temporary)).toEqual([]);
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const dynamo = new DynamoDBClient({ endpoint, region: "eu-central-1", credentials });
  expect((await dynamo.send(new ListTablesCommand({}))).TableNames).toEqual([]);
  expect(standIn.actionsSince("somebodys-own")).toEqual([]);
  expect(standIn.actionsSince("test")).toContain("iam:CreateRole");
});
