/** `npm run preflight` against an AWS emulator in which nothing is there, and then everything. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { ACTIONS } from "../../cli/preflight/reads";
import { makeCertificate } from "./cloud/certificate";
import { type StandIn, startStandIn } from "../terraform/stand-in.mts";
import { findTools } from "../terraform/tools.mts";
import { temporaryFolder } from "../support/temporary-folder";
import { runCommand } from "../support/process";

const ACCOUNT = "123456789012";
const KEY = "preflight";
const TOKEN = "a-token-of-the-test";

let folder: string;
let standIn: StandIn;
let hcp: Server;
let env: NodeJS.ProcessEnv;
/** What HCP Terraform answers of the workspace; none: there is none. */
let workspace: object | undefined;

const preflight = async (name: string) => {
  const args = [name, "--settings", join(folder, "accounts.json")];
  const { code: status, ...printed } = await runCommand("preflight", args, { env });
  return { status, ...printed };
};

beforeAll(async () => {
  folder = temporaryFolder("preflight");
  for (const one of ["tools", "environments", "home/.terraform.d"])
    mkdirSync(join(folder, one), { recursive: true });
  const tools = await findTools(join(folder, "tools"));
  if ("missing" in tools) throw new Error(`this needs what is not here:\n${tools.missing.join("\n")}`);
  standIn = await startStandIn({ ...tools.env, MOTO_ACCOUNT_ID: ACCOUNT });
  const certificate = await makeCertificate();
  writeFileSync(join(folder, "localhost.pem"), certificate.cert);
  hcp = createServer(certificate, (request, response) => {
    const isAsked =
      request.method === "GET" &&
      request.url === "/api/v2/organizations/energy-orders/workspaces/orders-dev" &&
      request.headers.authorization === `Bearer ${TOKEN}`;
    response.writeHead(isAsked && workspace !== undefined ? 200 : 404);
    response.end(JSON.stringify({ data: { attributes: workspace } }));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => hcp.once("listening", resolve));
  const host = `localhost:${(hcp.address() as AddressInfo).port}`;
  for (const name of ["dev", "staging", "prod"]) {
    const shipped = JSON.parse(readFileSync(join("environments", `${name}.json`), "utf8")) as {
      backend: object;
    };
    writeFileSync(
      join(folder, "environments", `${name}.json`),
      JSON.stringify({
        ...shipped,
        account_id: ACCOUNT,
        stand_in: true,
        endpoint: standIn.endpoint,
        backend: { ...shipped.backend, hostname: host },
      }),
    );
  }
  const settings = JSON.parse(readFileSync("stacks/account/accounts.json", "utf8")) as object;
  writeFileSync(
    join(folder, "accounts.json"),
    JSON.stringify({
      ...settings,
      accounts: [{ account_id: ACCOUNT, region: "eu-central-1", state: "bucket" }],
    }),
  );
  writeFileSync(
    join(folder, "home", ".terraform.d", "credentials.tfrc.json"),
    JSON.stringify({ credentials: { [host]: { token: TOKEN } } }),
  );
  env = {
    ...tools.env,
    AWS_ACCESS_KEY_ID: KEY,
    TMPDIR: folder,
    HOME: join(folder, "home"),
    NODE_EXTRA_CA_CERTS: join(folder, "localhost.pem"),
    ORDERS_ENVIRONMENTS: join(folder, "environments"),
  };
});
afterAll(async () => {
  hcp.closeAllConnections();
  hcp.close();
  await standIn.stop();
});

const bootstrap = async (host: string): Promise<void> => {
  const settings = {
    endpoint: standIn.endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const [iam, ssm] = [new IAMClient(settings), new SSMClient(settings)];
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  await s3.send(
    new CreateBucketCommand({
      Bucket: `energy-orders-state-${ACCOUNT}`,
      CreateBucketConfiguration: { LocationConstraint: "eu-central-1" },
    }),
  );
  for (const url of [`https://${host}`, "https://token.actions.githubusercontent.com"])
    await iam.send(new CreateOpenIDConnectProviderCommand({ Url: url, ThumbprintList: ["0".repeat(40)] }));
  const nothing = JSON.stringify({ Version: "2012-10-17", Statement: [] });
  for (const RoleName of ["dev-hcp-plan", "dev-hcp-apply", "dev-github-smoke"])
    await iam.send(new CreateRoleCommand({ RoleName, Path: "/account/", AssumeRolePolicyDocument: nothing }));
  for (const PolicyName of ["dev-boundary", "dev-read", "dev-console", "dev-submit"])
    await iam.send(
      new CreatePolicyCommand({
        PolicyName,
        Path: "/account/",
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
        }),
      }),
    );
  await ssm.send(
    new PutParameterCommand({ Name: "/orders/dev/slack-webhook", Value: "https://x", Type: "SecureString" }),
  );
};

it("names everything that is to be done in an account where nothing is done yet", async () => {
  workspace = undefined;
  const { status, stdout, stderr } = await preflight("dev");
  expect(stderr).toMatch(/^dev: \d+ of \d+ to do\n$/);
  expect(status).toBe(1);
  expect(stdout).toContain("ok     terraform: is 1.11, as tested\n");
  expect(stdout).toContain(`ok     account: ${ACCOUNT} is that of dev\n`);
  for (const line of [
    "parameter /orders/dev/slack-webhook: does not exist; create it: aws ssm put-parameter",
    `state bucket energy-orders-state-${ACCOUNT}: does not exist; bootstrap the account: docs/account.md`,
    "identity provider token.actions.githubusercontent.com: does not exist",
    "role dev-hcp-apply: does not exist",
    "policy dev-boundary: does not exist",
    "workspace orders-dev: there is none in energy-orders that this token may see",
  ])
    expect(stdout).toContain(`to do  ${line}`);
});

it("finds it ready once all of that is done, and changes nothing itself", async () => {
  await bootstrap(`localhost:${(hcp.address() as AddressInfo).port}`);
  workspace = {
    "execution-mode": "remote",
    "auto-apply": false,
    "vcs-repo": null,
    "terraform-version": "1.11.4",
  };
  const [first, second] = [await preflight("dev"), await preflight("dev")];
  expect(first.stdout.split("\n").filter((line) => line.startsWith("to do"))).toEqual([]);
  expect(first).toMatchObject({ status: 0, stdout: expect.stringMatching(/\ndev: ready to be applied\n$/) });
  expect(second).toEqual(first);
  // By the key it was asked with. Who asks needs no permission; dev reserves nothing.
  const unasked = ["GetCallerIdentity", "GetFunctionConcurrency"];
  const actions = Object.entries(ACTIONS).flatMap(([call, action]) =>
    unasked.includes(call) ? [] : [action],
  );
  expect(standIn.actionsSince(KEY)).toEqual(actions.sort());
});
