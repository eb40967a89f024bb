/**
 * docs/new-environment.md, followed: its commands, in a clean checkout, with the HCP-compatible server and the
 * AWS emulator. The account's stack is applied in test/terraform, a deployment is in the story.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { builtIn, type Checkout } from "../support/checkout";
import { type StandIn, startStandIn } from "../terraform/stand-in.mts";
import { findTools } from "../terraform/tools.mts";
import { type Server, startServer } from "./cloud/server";
import { type Finished, run } from "../support/process";
import { temporaryFolder } from "../support/temporary-folder";

const ORGANIZATION = "energy-orders";
const TOKEN = "a-token-of-the-test";
const ACCOUNT = "111111111111";

const page = readFileSync("docs/new-environment.md", "utf8");

let folder: string;
let standIn: StandIn;
let server: Server;
let checkout: Checkout;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = temporaryFolder("new-environment");
  for (const one of ["tools", "home/.terraform.d", "server"])
    mkdirSync(join(folder, one), { recursive: true });
  const tools = await findTools(join(folder, "tools"));
  if ("missing" in tools) throw new Error(`this needs what is not here:\n${tools.missing.join("\n")}`);
  const aws = { ...tools.env, MOTO_ACCOUNT_ID: ACCOUNT, TMPDIR: join(folder, "tools") };
  standIn = await startStandIn(aws);
  server = await startServer({
    folder: join(folder, "server"),
    organization: ORGANIZATION,
    tokens: { [TOKEN]: "write" },
    env: { ...aws, AWS_ENDPOINT_URL: standIn.endpoint },
    provider: tools.provider,
  });
  const certificateFile = join(folder, "localhost.pem");
  writeFileSync(certificateFile, server.certificate.cert);
  writeFileSync(
    join(folder, "home", ".terraform.d", "credentials.tfrc.json"),
    JSON.stringify({ credentials: { [server.host]: { token: TOKEN } } }),
  );
  // Where providers come from, as somebody's own configuration says it; it would hide the token if it were named.
  copyFileSync(tools.env["TF_CLI_CONFIG_FILE"] ?? "", join(folder, "home", ".terraformrc"));
  env = {
    ...aws,
    TF_CLI_CONFIG_FILE: undefined,
    ORDERS_ENVIRONMENTS: undefined,
    HOME: join(folder, "home"),
    SSL_CERT_FILE: certificateFile,
    CI: "true",
  };
  const clone = join(folder, "checkout");
  checkout = builtIn(clone, () => {
    const file = join(clone, "environments", "dev.json");
    const dev = JSON.parse(readFileSync(file, "utf8")) as { backend: object };
    // What differs from the shipped file: where the runs are.
    const changed = { ...dev, backend: { ...dev.backend, hostname: server.host } };
    writeFileSync(file, `${JSON.stringify(changed, undefined, 2)}\n`);
  });
});

afterAll(async () => {
  await server.stop();
  await standIn.stop();
});

const inCheckout = (program: string, args: ReadonlyArray<string>): Promise<Finished> =>
  run(program, args, { cwd: checkout.folder, env, seconds: 280 });

/** Runs `npm run <program> -- …` as built; the page must name the command just so. */
const npm = (program: string, ...args: ReadonlyArray<string>): Promise<Finished> => {
  expect(page).toContain(["npm run", program, "--", ...args].join(" "));
  return inCheckout(process.execPath, [join("dist", `${program}.js`), ...args]);
};

/** The page's own command that copies dev's file. */
const copyFile = (cwd: string): void => {
  execFileSync("sh", ["-c", /^ *(sed .*)$/m.exec(page)?.[1] ?? ""], { cwd });
};

test("an environment comes from one file: its stack, its roles, its workspace, its plan", async () => {
  copyFile(checkout.folder);
  expect(await npm("synth", "--environment", "qa")).toMatchObject({ code: 0, stderr: "" });

  expect(await npm("account", "synth", "--account", ACCOUNT)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("dev, qa"),
  });
  const account = readFileSync(
    join(checkout.folder, "cdktf.out", "accounts", "stacks", `account-${ACCOUNT}`, "cdk.tf.json"),
    "utf8",
  );
  expect(account).toContain(
    `organization:${ORGANIZATION}:project:orders:workspace:orders-qa:run_phase:apply`,
  );
  for (const output of ["qa_hcp_plan_role", "qa_hcp_apply_role", "qa_github_smoke_role"])
    expect(account).toContain(`"${output}"`);

  const init = ["-chdir=cdktf.out/stacks/qa", "init"];
  expect(page).toContain(["terraform", ...init].join(" "));
  expect(await inCheckout("terraform", [...init, "-input=false", "-no-color"])).toMatchObject({ code: 0 });
  expect(server.store.workspaces.map(({ name }) => name)).toEqual(["orders-qa"]);

  checkout.git("add", "--all");
  checkout.git("commit", "--quiet", "--message", "an environment for the testers");
  expect(await npm("synth", "--environment", "qa")).toMatchObject({ code: 0 });
  expect(await npm("deploy", "plan", "qa")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d{3} to create/m),
  });
});

test("no list of environments has to be edited: what is tested of each is tested of the new one too", async () => {
  const other = builtIn(join(folder, "other"), () => copyFile(join(folder, "other")));
  const suites = ["environments", "stacks", "workflows", "cli/github"].map((name) => `test/${name}/`);
  expect(
    await run(process.execPath, ["node_modules/jest/bin/jest.js", "--silent", "--runInBand", ...suites], {
      cwd: other.folder,
      env: process.env,
      seconds: 280,
    }),
  ).toMatchObject({ code: 0, stderr: expect.not.stringContaining("●") });
});
