/**
 * A release from a clean checkout to prod, with nothing but the HCP-compatible server, the AWS emulator and the
 * real Terraform: every command as somebody would type it. What it prints reads like what happened.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import { environmentNamed } from "../../environments/named";
import { recordSmoke } from "../../cli/release/smoke-record";
import { readState } from "../../cli/release/state";
import type { Environment } from "../../environments/environment";
import { builtIn, type Checkout } from "../support/checkout";
import { NO_PROVIDER } from "../terraform/provider.mts";
import { type StandIn, startStandIn } from "../terraform/stand-in.mts";
import { findTools } from "../terraform/tools.mts";
import { type Server, startServer } from "./cloud/server";
import { type Finished, run } from "../support/process";
import { temporaryFolder } from "../support/temporary-folder";

const ORGANIZATION = "energy-orders";
const TOKEN = "a-token-of-the-test";
const ACCOUNT = "123456789012";

jest.setTimeout(25 * 60_000);

let folder: string;
let standIn: StandIn;
let server: Server;
let checkout: Checkout;
let pullRequest: Checkout;
let env: NodeJS.ProcessEnv;

const started = Date.now();
const tell = (text: string): void => {
  const at = `${((Date.now() - started) / 1_000).toFixed(0).padStart(4)} s`;
  process.stdout.write(`${text.replace(/^/gm, `${at}  `)}\n`);
};

beforeAll(async () => {
  folder = temporaryFolder("orders-story");
  for (const one of ["tools", "home/.terraform.d", "server"])
    mkdirSync(join(folder, one), { recursive: true });
  const tools = await findTools(join(folder, "tools"));
  if ("missing" in tools) throw new Error(`this needs what is not here:\n${tools.missing.join("\n")}`);
  const aws: NodeJS.ProcessEnv = {
    ...tools.env,
    MOTO_ACCOUNT_ID: ACCOUNT,
    // Providers leave their sockets in the temporary folder: in ours they go with it.
    TMPDIR: join(folder, "tools"),
    TF_CLI_ARGS_apply: "-parallelism=40",
  };
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
  for (const name of ["dev", "staging", "prod"]) server.store.addWorkspace(ORGANIZATION, `orders-${name}`);
  writeFileSync(
    join(folder, "home", ".terraform.d", "credentials.tfrc.json"),
    JSON.stringify({ credentials: { [server.host]: { token: TOKEN } } }),
  );
  // Where providers come from, as somebody's own configuration says it; it would hide the token if it were named.
  copyFileSync(tools.env["TF_CLI_CONFIG_FILE"] ?? "", join(folder, "home", ".terraformrc"));
  env = {
    ...process.env,
    TF_CLI_CONFIG_FILE: undefined,
    ORDERS_ENVIRONMENTS: undefined,
    HOME: join(folder, "home"),
    SSL_CERT_FILE: certificateFile,
    NODE_EXTRA_CA_CERTS: certificateFile,
    CI: "true",
    // All runs are the server's.
    ...NO_PROVIDER,
  };
  checkout = checkedOutTo(join(folder, "checkout"));
  pullRequest = checkedOutTo(join(folder, "pull-request"));
});

const checkedOutTo = (clone: string): Checkout =>
  builtIn(clone, () => {
    const environments = join(clone, "environments");
    for (const file of readdirSync(environments).filter((name) => /^(dev|staging|prod)\.json$/.test(name))) {
      const environment = JSON.parse(readFileSync(join(environments, file), "utf8")) as {
        backend: object;
      };
      // What differs from the shipped files: where the runs are, and in whose account.
      const changed = {
        ...environment,
        account_id: ACCOUNT,
        backend: { ...environment.backend, hostname: server.host },
      };
      writeFileSync(join(environments, file), `${JSON.stringify(changed, undefined, 2)}\n`);
    }
  });

afterAll(async () => {
  await server.stop();
  await standIn.stop();
});

/** Terraform tells of each resource as it goes; the story is what comes of it. */
const withoutProgress = (text: string): string =>
  text
    .split("\n")
    .filter((line) => !/^\S+: (Refreshing|Creating|Still|Creation|Modif|Destr|Reading|Read )/.test(line))
    .join("\n");

type Place = { readonly checkout: Checkout; readonly changes?: NodeJS.ProcessEnv };

/** Runs `npm run <program> -- …` as built, and tells what it printed once it ended: others run beside it. */
const npmIn = async (
  { checkout: { folder: cwd }, changes = {} }: Place,
  program: string,
  ...args: ReadonlyArray<string>
): Promise<Finished> => {
  const done = await run(process.execPath, [join("dist", `${program}.js`), ...args], {
    cwd,
    env,
    changes,
    seconds: 600,
  });
  tell(`$ npm run ${program}${args.length === 0 ? "" : ` -- ${args.join(" ")}`}`);
  tell(withoutProgress(`${done.stdout}${done.stderr}`).trimEnd());
  return done;
};
const npm = (program: string, ...args: ReadonlyArray<string>): Promise<Finished> =>
  npmIn({ checkout }, program, ...args);

/** Plans, has it reviewed, and applies what was reviewed. */
const deploy = async (environment: string): Promise<void> => {
  expect(await npm("deploy", "plan", environment)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d{3} to create/m),
  });
  tell(`(${environment}: the plan is reviewed and approved)`);
  expect(await npm("deploy", "apply", environment)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`${environment}: applied`),
  });
  const { Table } = await new DynamoDBClient(aws()).send(
    new DescribeTableCommand({ TableName: `${environment}-orders` }),
  );
  expect(Table?.TableStatus).toBe("ACTIVE");
};

/**
 * Records what `npm run smoke -- ENVIRONMENT --record` does when every check held; the emulator runs no functions,
 * so that none can hold there.
 */
const smokeTested = async (name: string): Promise<void> => {
  const home = process.cwd();
  process.chdir(checkout.folder);
  try {
    const environment = pipe(
      environmentNamed(name, "environments"),
      E.getOrElse((why): Environment => {
        throw new Error(why);
      }),
    );
    const shell = { env, say: tell };
    const state = await readState(environment, shell)();
    if (E.isLeft(state) || state.right.release === undefined) throw new Error(JSON.stringify(state));
    const recorded = await recordSmoke(environment, state.right.release, new Date(), shell)();
    if (E.isLeft(recorded)) throw new Error(JSON.stringify(recorded.left));
    tell(recorded.right);
  } finally {
    process.chdir(home);
  }
};

const aws = () => ({
  endpoint: standIn.endpoint,
  region: "eu-central-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});

/** Changes a file, commits it and builds. */
const change = (file: string, from: string, to: string): void => {
  const path = join(checkout.folder, file);
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  writeFileSync(path, text.replace(from, to));
  checkout.git("commit", "--quiet", "--all", "--message", `Change ${file}`);
  checkout.build();
};

/** A pull request is labelled preview, and closed: in a checkout of its own, while a release goes its way. */
const previewed = async (): Promise<void> => {
  const preview = (...args: ReadonlyArray<string>) => npmIn({ checkout: pullRequest }, "preview", ...args);
  const nothing = { code: 0, stdout: "", stderr: "" };
  expect(await preview("list")).toEqual(nothing);
  expect(await preview("create", "7")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/\npv7: https?:\/\/\S+\n$/),
  });

  // Its file is generated, and no part of the commit.
  expect(pullRequest.git("check-ignore", ".previews/pv7.json")).toBe(".previews/pv7.json\n");
  const place = { checkout: pullRequest, changes: { ORDERS_ENVIRONMENTS: ".previews" } };
  expect(JSON.parse((await npmIn(place, "deploy", "outputs", "pv7")).stdout)).toMatchObject({
    orders_table: "pv7-orders",
    release: {
      commit: pullRequest.git("rev-parse", "HEAD").trim(),
      preview: { pull_request: 7, created: expect.stringMatching(/^\d{4}-/) },
    },
  });

  rmSync(join(pullRequest.folder, ".previews"), { recursive: true });
  expect(await preview("expired")).toEqual(nothing);
  expect(await preview("expired", "--days", "0")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^7 +pv7 +\d{4}-\S+Z\n$/),
  });

  expect(await preview("destroy", "7")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/\npv7: destroyed\n$/),
  });
  expect(await preview("list")).toEqual(nothing);
};

const released = async (): Promise<void> => {
  expect(await npm("synth")).toMatchObject({ code: 0 });
  tell("$ git tag v1.0.0");
  checkout.git("tag", "v1.0.0");
  expect(await npm("release", "manifest")).toMatchObject({ code: 0 });

  expect(await npm("release", "verify", "staging")).toMatchObject({ code: 0 });
  tell("dev and staging are planned, reviewed and applied");
  await Promise.all([deploy("dev"), deploy("staging")]);

  expect(await npm("release", "verify", "prod")).toMatchObject({ code: 0 });
  expect(await npm("deploy", "plan", "prod")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("it has not passed its smoke test there (none is recorded)"),
  });
  tell("(staging passes its smoke test)");
  await smokeTested("staging");
  await deploy("prod");

  tell("(somebody shortens prod's log retention by hand)");
  const file = join(checkout.folder, "environments", "prod.json");
  const before = readFileSync(file, "utf8");
  writeFileSync(file, before.replace('"logs_days": 365', '"logs_days": 30'));
  expect(await npm("release", "verify", "prod")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("environment prod: retention.logs_days: 365 → 30"),
  });
  writeFileSync(file, before);

  expect(await npm("deploy", "drift", "prod")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("prod: nothing drifted"),
  });
  tell("(somebody gives a function of prod more memory in the console)");
  await new LambdaClient(aws()).send(
    new UpdateFunctionConfigurationCommand({ FunctionName: "prod-query-orders", MemorySize: 512 }),
  );
  const drifted = await npm("deploy", "drift", "prod");
  expect(drifted).toMatchObject({ code: 3, stderr: "prod: 1 resource drifted\n" });
  expect(drifted.stdout).toMatch(/update +aws_lambda_function\.query_orders\n +memory_size: 256 → 512\n/);

  tell("(somebody renames the table of orders, tags that, and goes on)");
  change("stacks/orders-stack.ts", '"orders-table"', '"bids-table"');
  checkout.git("tag", "v1.1.0");
  const gone = "prod: aws_dynamodb_table.orders_table: is gone";
  expect(await npm("release", "guard", "prod")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(gone),
  });
  change("README.md", "# Orders platform", "# The orders platform");
  expect(await npm("synth")).toMatchObject({ code: 0 });
  // v1.1.0 never ran: what counts is what runs in prod.
  expect((await npm("deploy", "plan", "prod", "--hotfix", "the desk: at once")).stderr).toContain(gone);
  checkout.git("reset", "--quiet", "--hard", "v1.0.0");

  tell("(orders are refused in prod: a fix cannot wait for staging)");
  change("environments/prod.json", '"stuck_after_seconds": 900', '"stuck_after_seconds": 600');
  expect(await npm("synth")).toMatchObject({ code: 0 });
  expect((await npm("deploy", "plan", "prod")).stderr).toContain("prod takes only what staging runs");
  const why = "the desk, 14:05: orders are stuck";
  expect(await npm("deploy", "plan", "prod", "--hotfix", why)).toMatchObject({ code: 0 });
  expect(await npm("deploy", "apply", "prod")).toMatchObject({ code: 0 });
  const outputs = await npm("deploy", "outputs", "prod");
  expect(JSON.parse(outputs.stdout)).toMatchObject({ release: { version: "0.1.0", hotfix: why } });
};

test("a release goes from a clean checkout to prod, and nothing else does", async () => {
  await Promise.all([released(), previewed()]);
  expect((await npm("deploy", "status")).stdout.match(/^(dev|staging|prod) /gm)).toHaveLength(3);
});
