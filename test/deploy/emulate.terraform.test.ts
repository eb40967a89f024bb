/** `npm run emulate` with the real Terraform and provider: an environment comes, is checked, and goes. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { type Finished, runCommand } from "../support/process";
import { temporaryFolder } from "../support/temporary-folder";
import { Providers } from "../terraform/provider.mts";
import { type StandIn, startStandIn } from "../terraform/stand-in.mts";
import { findTools, type Tools } from "../terraform/tools.mts";

let tools: Tools;
let emulatorEnv: NodeJS.ProcessEnv;
let env: NodeJS.ProcessEnv;
let temporary: string;
let folder: string;
let standIn: StandIn | undefined;
let providers: Providers | undefined;

beforeAll(async () => {
  folder = temporaryFolder("emulate");
  temporary = join(folder, "tmp");
  for (const one of ["tools", "tmp", "bin"]) mkdirSync(join(folder, one));
  const found = await findTools(join(folder, "tools"));
  if ("missing" in found) throw new Error(`this needs what is not here:\n${found.missing.join("\n")}`);
  tools = found;
  emulatorEnv = { ...tools.env, TMPDIR: temporary };
  env = {
    ...emulatorEnv,
    TF_CLI_ARGS_apply: "-parallelism=40",
    // What no call may be signed with.
    AWS_ACCESS_KEY_ID: "somebodys-own",
    AWS_PROFILE: "somebodys-own",
  };
});

afterAll(async () => {
  await providers?.endAll();
  await standIn?.stop();
});

/** A provider that runs already, in the folder of a stack such as the command makes: what that names is beside it. */
const providerBeside = async (name: string, endpoint: string): Promise<NodeJS.ProcessEnv> => {
  const out = join(folder, "out");
  const { code, stderr } = await runCommand("main", ["--environment", name, "--outdir", out]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const own = { TMPDIR: join(folder, "tools"), AWS_ENDPOINT_URL: endpoint };
  providers = new Providers(tools.provider, { ...tools.env, ...own });
  return { ...(await providers.in(join(out, "stacks", name))).env };
};

/** A `terraform` that tells a file what it was given for AWS, and is Terraform then. */
const telling = (file: string): NodeJS.ProcessEnv => {
  const [program, path] = [join(folder, "bin", "terraform"), process.env["PATH"] ?? ""];
  writeFileSync(
    program,
    `#!/bin/sh\nenv | grep ^AWS_ | sort | paste -s -d ' ' - >>'${file}'\nPATH='${path}' exec terraform "$@"\n`,
  );
  chmodSync(program, 0o755);
  return { PATH: `${join(folder, "bin")}:${path}` };
};

/** Runs the command, and presses Ctrl-C once it has printed something. */
const emulate = (
  args: ReadonlyArray<string>,
  until: string,
  changes: NodeJS.ProcessEnv = {},
): Promise<Finished> => {
  let isPressed = false;
  return runCommand("emulate", args, {
    env,
    changes,
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
  const given = join(folder, "given");
  const { code, stdout, stderr } = await emulate(["dev", "--endpoint", endpoint], "Creation complete", {
    ...(await providerBeside("dev", endpoint)),
    ...telling(given),
  });
  expect({ code, stderr }).toEqual({ code: 130, stderr: "interrupted; what was made is gone again\n" });
  expect(stdout).toMatch(/\ndestroying dev …\n/);
  expect(stdout).toMatch(/\ndev: nothing is left of it\n$/);
  expect(readdirSync(temporary)).toEqual([]);
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const dynamo = new DynamoDBClient({ endpoint, region: "eu-central-1", credentials });
  expect((await dynamo.send(new ListTablesCommand({}))).TableNames).toEqual([]);
  expect(new Set(readFileSync(given, "utf8").trim().split("\n"))).toEqual(
    new Set([
      `AWS_ACCESS_KEY_ID=test AWS_EC2_METADATA_DISABLED=true AWS_ENDPOINT_URL=${endpoint} AWS_SECRET_ACCESS_KEY=test`,
    ]),
  );
  expect(standIn.actionsSince("somebodys-own")).toEqual([]);
  expect(standIn.actionsSince("test")).toContain("iam:CreateRole");
});
