import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Checkout, checkoutIn } from "../../support/checkout";

/** The command in a clone of this repository, in which things are changed as somebody would by mistake. */

jest.setTimeout(120_000);

let folder: string;
let clone: string;

let checkout: Checkout;
const git: Checkout["git"] = (...args) => checkout.git(...args);
const build = (): void => checkout.build();

const release = (...args: ReadonlyArray<string>) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/release.js", ...args], {
    cwd: clone,
    encoding: "utf8",
    env: { ...process.env, TMPDIR: folder },
  });
  return { status, stdout, stderr };
};

const edit = (file: string, from: string | RegExp, to: string): void => {
  const text = readFileSync(join(clone, file), "utf8");
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  writeFileSync(join(clone, file), changed);
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "release-"));
  clone = join(folder, "clone");
  checkout = checkoutIn(clone);
  git("tag", "v0.9.0");
  build();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("npm run release", () => {
  it("verifies what it wrote, twice the same", () => {
    expect(release("manifest", "--out", join(folder, "a.json"))).toMatchObject({ status: 0, stderr: "" });
    release("manifest", "--out", join(folder, "b.json"));
    const [a, b] = ["a.json", "b.json"].map((name) => readFileSync(join(folder, name), "utf8"));
    expect(a).toBe(b);
    const verified = release("verify", "prod", "--manifest", join(folder, "a.json"));
    expect(verified).toMatchObject({ status: 0, stdout: expect.stringContaining("prod is release 0.1.0") });
  });

  it("refuses an environment file changed by hand, naming the value and what comes of it", () => {
    edit("environments/prod.json", '"logs_days": 365', '"logs_days": 30');
    const refused = release("verify", "prod", "--manifest", join(folder, "a.json"));
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain("environment prod: retention.logs_days: 365 → 30");
    expect(refused.stderr).toContain("resource aws_cloudwatch_log_group.api_logs: differs");
    // Another environment's file is no part of staging's stack.
    expect(release("verify", "staging", "--manifest", join(folder, "a.json")).stderr).toMatch(
      /\n {2}commit: the manifest's is \w{40}, this is \w{40}\+changes\n$/,
    );
    expect(release("manifest").stderr).toContain("files differ from the commit");
    git("checkout", "--quiet", ".");
  });

  it("refuses a bundle with other bytes, naming it", () => {
    edit("functions/query-orders/handler.ts", "/** ", "console.log('planted');\n/** ");
    build();
    const refused = release("verify", "staging", "--manifest", join(folder, "a.json"));
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/file assets\/query_orders_code\/\w+\/query-orders.zip: is/);
    expect(refused.stderr).not.toContain("place-orders.zip");
    git("checkout", "--quiet", ".");
    build();
  });

  it("guards what the tag had: nothing lost as it is, a renamed table refused, a consent taken", () => {
    expect(release("guard", "v0.9.0")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("nothing that kept data at v0.9.0"),
    });
    edit("stacks/orders-stack.ts", '"orders-table"', '"bids-table"');
    build();
    const refused = release("guard", "v0.9.0");
    expect(refused.status).toBe(1);
    for (const name of ["dev", "staging", "prod"])
      expect(refused.stderr).toContain(`${name}: aws_dynamodb_table.orders_table: is gone`);
    for (const name of ["dev", "staging", "prod"])
      edit(
        `environments/${name}.json`,
        '"region"',
        '"removals": {"aws_dynamodb_table.orders_table": "decided by the test"},\n  "region"',
      );
    expect(release("guard", "v0.9.0")).toMatchObject({ status: 0 });
    git("checkout", "--quiet", ".");
    expect(git("worktree", "list").trim().split("\n")).toHaveLength(1);
  });

  it.each([
    [["guard", "v9.9.9"], 2, "is no tag of this repository"],
    [["verify", "nowhere"], 2, "there is no environment nowhere"],
    [["verify", "prod", "--manifest", "none.json"], 2, "there is no manifest"],
    [["compare", "staging"], 2, "expected two environments"],
    [["promote"], 2, "promote is no command"],
    [["--what"], 2, "Unknown option '--what'"],
  ])("%j ends with %d and says why", (args, status, said) => {
    const ended = release(...args);
    expect(ended.status).toBe(status);
    expect(ended.stderr).toContain(said);
    expect(ended.stderr).not.toMatch(/\n {4}at /);
  });
});
