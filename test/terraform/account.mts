import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { leaveOutEndpoints } from "../../cli/emulate/endpoints.mts";
import { ACCOUNT } from "./account-memory.mts";
import { run } from "./processes.mts";
import { expect, step, tail } from "./report.mts";
import { type Running, Workspace } from "./workspace.mts";

/** The account's own stack, applied as docs/account.md tells. */

type Json = Record<string, unknown>;
export type Where = { readonly folder: string; readonly env: NodeJS.ProcessEnv };

const read = (file: string): Json => JSON.parse(readFileSync(file, "utf8")) as Json;

/** The shipped environments in the emulator's account, their backends as shipped: the roles come from those. */
const environmentsIn = (folder: string, changes: Json): string => {
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync("environments").filter((name) => name.endsWith(".json"))) {
    const environment = read(join("environments", file));
    const changed = environment["name"] === "prod" ? changes : {};
    writeFileSync(join(folder, file), JSON.stringify({ ...environment, account_id: ACCOUNT, ...changed }));
  }
  return folder;
};

export const accountStackIn = (outdir: string): string => join(outdir, "stacks", `account-${ACCOUNT}`);

type Account = { readonly state: "local" | "bucket"; readonly endpoint?: string };

/** @param changes to prod's environment file, such as its decommissioning, which its apply role follows */
export const synthesizeAccount = async (
  { folder, env }: Where,
  { state, endpoint }: Account,
  outdir: string,
  changes: Json = {},
): Promise<void> => {
  const settings = join(folder, "accounts.json");
  writeFileSync(
    settings,
    JSON.stringify({
      ...read("stacks/account/accounts.json"),
      accounts: [{ account_id: ACCOUNT, region: "eu-central-1", state, endpoint }],
    }),
  );
  const { code, output } = await run(
    process.execPath,
    ["dist/account.js", "synth", "--settings", settings, "--outdir", outdir],
    {
      cwd: process.cwd(),
      env: { ...env, ORDERS_ENVIRONMENTS: environmentsIn(join(folder, "account-environments"), changes) },
      seconds: 60,
    },
  );
  expect(code === 0, output);
};

/** What the S3 backend must be told of an API that is not AWS's own. */
const BACKEND_OF_A_STAND_IN = [
  "use_path_style=true",
  "skip_credentials_validation=true",
  "skip_requesting_account_id=true",
  "skip_metadata_api_check=true",
].map((setting) => `-backend-config=${setting}`);

/** Applied with its state on disk, and the state then moved into the bucket that it made. */
export const bootstrapped = async (where: Where & Running, endpoint: string): Promise<void> => {
  const outdir = join(where.folder, "accounts", "out");
  const account = new Workspace(accountStackIn(outdir), where);
  await step("account: init, apply", async () => {
    await synthesizeAccount(where, { state: "local" }, outdir);
    await account.init();
    await account.apply();
  });
  await step(
    "account: its state moves into the bucket it made, and nothing is to change after apply",
    async () => {
      await synthesizeAccount(where, { state: "bucket", endpoint }, outdir);
      leaveOutEndpoints(account.folder);
      const { code, output } = await account.terraform(
        ["init", "-input=false", "-migrate-state", "-force-copy", ...BACKEND_OF_A_STAND_IN],
        120,
      );
      expect(code === 0, tail(output));
      await account.planIsEmpty();
      const { ServerSideEncryption, Body } = await new S3Client({
        endpoint,
        region: "eu-central-1",
        forcePathStyle: true,
        credentials: { accessKeyId: "test", secretAccessKey: "test" },
      }).send(
        new GetObjectCommand({ Bucket: `energy-orders-state-${ACCOUNT}`, Key: "account/account.tfstate" }),
      );
      expect(
        ServerSideEncryption === "aws:kms",
        `the state is encrypted with ${String(ServerSideEncryption)}`,
      );
      expect((await Body?.transformToString())?.includes("dev-hcp-apply") === true, "no state in the bucket");
    },
  );
};
