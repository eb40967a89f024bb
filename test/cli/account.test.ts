import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { program } from "../../cli/account/program";
import { shippedEnvironments } from "../support/synth";
import { temporaryFolder } from "../support/temporary-folder";
import { runWithin } from "../support/within";

const folder = temporaryFolder("account");

const account = (...args: ReadonlyArray<string>) => runWithin(program, args);

type Settings = {
  accounts: { account_id: string; region: string; state: string }[];
  [key: string]: unknown;
};

/** The shipped settings with something changed, in a file. */
const settings = (name: string, change: (shipped: Settings) => unknown): string => {
  const file = join(folder, `${name}.json`);
  const shipped = JSON.parse(readFileSync("stacks/account/accounts.json", "utf8")) as Settings;
  writeFileSync(file, JSON.stringify(change(shipped)));
  return file;
};

const stackOf = (outdir: string, id: string): string => join(outdir, "stacks", `account-${id}`);

describe("npm run account -- synth", () => {
  it("writes one stack an account, complete on its own, and says for which environments", async () => {
    const outdir = join(folder, "deep", "out");
    const { code, stdout } = await account("synth", "--outdir", outdir);
    expect(code).toBe(0);
    const environmentsOf = (id: string): string =>
      shippedEnvironments()
        .filter(({ account_id }) => account_id === id)
        .map(({ name }) => name)
        .join(", ");
    expect(stdout.trimEnd().split("\n")).toEqual(
      ["111111111111", "222222222222", "333333333333"].map(
        (id) => `${id}  ${stackOf(outdir, id)}  ${environmentsOf(id)}`,
      ),
    );
    expect(stdout).toMatch(/ {2}staging\n/);
    for (const file of ["cdk.tf.json", ".terraform.lock.hcl"])
      expect(existsSync(join(stackOf(outdir, "333333333333"), file))).toBe(true);
  });

  it("says which account has no roles, and what is missing for them", async () => {
    const outdir = join(folder, "no-roles");
    const file = settings("one-more", (shipped) => ({
      ...shipped,
      accounts: [...shipped.accounts, { account_id: "444444444444", region: "eu-central-1", state: "local" }],
    }));
    expect(
      await account("synth", "--account", "444444444444", "--settings", file, "--outdir", outdir),
    ).toEqual({
      code: 0,
      stderr: "",
      stdout: `444444444444  ${stackOf(outdir, "444444444444")}  no roles: no file in environments has "account_id": "444444444444"\n`,
    });
  });

  it("keeps the state on disk until it is told that the bucket is there", async () => {
    const outdir = join(folder, "first");
    const file = settings("first", ({ accounts, ...rest }) => ({
      ...rest,
      accounts: accounts.map((one) => ({ ...one, state: "local" })),
    }));
    await account("synth", "--outdir", outdir, "--settings", file, "--account", "111111111111");
    const backend = (): unknown =>
      (
        JSON.parse(readFileSync(join(stackOf(outdir, "111111111111"), "cdk.tf.json"), "utf8")) as {
          terraform: { backend: unknown };
        }
      ).terraform.backend;
    expect(backend()).toEqual({ local: { path: "../../../../account-111111111111.tfstate" } });
    await account("synth", "--outdir", outdir, "--account", "111111111111");
    expect(backend()).toMatchObject({
      s3: { bucket: "energy-orders-state-111111111111", use_lockfile: true },
    });
  });

  it.each<[string, (shipped: Settings) => unknown, RegExp]>([
    [
      "an environment in no account",
      ({ accounts, ...rest }) => ({ ...rest, accounts: accounts.slice(1) }),
      /accounts: expected one for dev\.json's account_id 111111111111, got none/,
    ],
    [
      "an account twice",
      ({ accounts, ...rest }) => ({ ...rest, accounts: [...accounts, ...accounts.slice(0, 1)] }),
      /accounts\[3\]\.account_id: expected each account once, got 111111111111 again/,
    ],
    [
      "another region than its environment's",
      ({ accounts, ...rest }) => ({
        ...rest,
        accounts: accounts.map((one) => ({ ...one, region: "eu-west-1" })),
      }),
      /dev\.json: region: expected its account's, eu-west-1, got eu-central-1/,
    ],
    [
      "a repository without the ids that its workflows' tokens have",
      (shipped) => ({ ...shipped, github_repository: "energy-orders/orders-platform" }),
      /github_repository: expected a repository \{owner, owner_id, name, id\}, got "energy-orders\/orders-platform"/,
    ],
    [
      "a repository of any name",
      (shipped) => ({
        ...shipped,
        github_repository: { owner: "energy-orders", owner_id: 1, name: "*", id: 2 },
      }),
      /github_repository\.name: expected the name of a repository, got "\*"/,
    ],
    [
      "an id that is none",
      (shipped) => ({
        ...shipped,
        github_repository: { owner: "energy-orders", owner_id: 1, name: "orders", id: 0 },
      }),
      /github_repository\.id: expected a whole number, as GitHub's API has it, got 0/,
    ],
    [
      "a property that means nothing",
      (shipped) => ({ ...shipped, github_repo: "x/y" }),
      /github_repo: expected no such property/,
    ],
  ])("refuses %s", async (name, change, line) => {
    const { code, stdout, stderr } = await account("synth", "--settings", settings(name, change));
    expect(stderr).toMatch(line);
    expect(stdout).toBe("");
    expect(code).toBe(1);
  });

  it.each([
    [["apply"], /unknown command 'apply'; see npm run account -- --help/],
    [["synth", "--account", "999999999999"], /there is no account 999999999999; there are 111111111111, /],
  ])("says what is wrong with its use: %j", async (args, line) => {
    const { code, stderr } = await account(...args);
    expect(stderr).toMatch(line);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(code).toBe(2);
  });
});
