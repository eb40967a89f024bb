import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Checkout, checkoutIn } from "../support/checkout";
import { temporaryFolder } from "../support/temporary-folder";

/** The command in a clone of this repository, in which things are changed as somebody would by mistake. */

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
  folder = temporaryFolder("release");
  clone = join(folder, "clone");
  checkout = checkoutIn(clone);
  git("tag", "v0.9.0");
  build();
});

describe("npm run release", () => {
  it("verifies what it wrote, twice the same", () => {
    // The first word, on the stream that carries no result.
    expect(release("manifest", "--out", join(folder, "a.json"))).toMatchObject({
      status: 0,
      stderr: "synthesizing dev, prod, staging …\n",
    });
    release("manifest", "--out", join(folder, "b.json"));
    const [a, b] = ["a.json", "b.json"].map((name) => readFileSync(join(folder, name), "utf8"));
    expect(a).toBe(b);
    expect(JSON.parse(a ?? "")).toMatchObject({ tag: "v0.9.0", commit: git("rev-parse", "HEAD").trim() });
    const verified = release("verify", "prod", "--manifest", join(folder, "a.json"));
    expect(verified).toMatchObject({ status: 0, stdout: expect.stringContaining("prod is release v0.9.0") });
  });

  it("bundles the same bytes where the packages are linked, as they are here, as where they lie", () => {
    const bundle = readFileSync(join(clone, "dist", "functions", "query-orders", "index.js"), "utf8");
    expect(bundle).not.toContain("node_modules");
  });

  it("refuses an environment file changed by hand, naming the value and what comes of it", () => {
    edit("environments/prod.json", '"logs_days": 365', '"logs_days": 30');
    const refused = release("verify", "prod", "--manifest", join(folder, "a.json"));
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain("environment prod: retention.logs_days: 365 → 30");
    expect(refused.stderr).toContain(
      "resource aws_cloudwatch_log_group.api_logs: retention_in_days: differs",
    );
    expect(refused.stderr).not.toContain("aws_dynamodb_table");
    // Another environment's file is no part of staging's stack.
    expect(release("verify", "staging", "--manifest", join(folder, "a.json")).stderr).toMatch(
      /\n {2}commit: the manifest's is \w{40}, this is \w{40}\+changes\n$/,
    );
    expect(release("manifest").stderr).toContain("environments/prod.json: differs from the commit");
    git("checkout", "--quiet", ".");
  });

  it("refuses a bundle with other bytes, naming it", () => {
    edit("functions/query-orders/handler.ts", "/** ", "console.log('planted');\n/** ");
    build();
    const refused = release("verify", "staging", "--manifest", join(folder, "a.json"));
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(
      /file assets\/query_orders_code\/query-orders.zip: manifest [0-9a-f]{16}, now [0-9a-f]{16}\n/,
    );
    expect(refused.stderr).not.toContain("place-orders.zip");
    git("checkout", "--quiet", ".");
    build();
  });

  it("is not of a commit that does not hold an environment or a source of it", () => {
    const file = join(clone, "environments", "uncommitted.json");
    const staging = readFileSync(join(clone, "environments", "staging.json"), "utf8");
    writeFileSync(file, staging.replaceAll(/"(orders-)?staging"/g, '"$1uncommitted"'));
    const refused = release("manifest", "--out", join(folder, "never.json"));
    expect(refused).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("environments/uncommitted.json: is not in the commit"),
    });
    const trial = join(folder, "trial.json");
    expect(release("manifest", "--allow-changes", "--out", trial)).toMatchObject({ status: 0 });
    expect(JSON.parse(readFileSync(trial, "utf8"))).toMatchObject({
      commit: expect.stringMatching(/\+changes$/),
      environments: { uncommitted: expect.anything() },
    });
    rmSync(file);
  });

  it("names a setting that differs, and writes each reason for programs", () => {
    edit("stacks/aws-stack.ts", '">= 1.10"', '">= 1.11"');
    build();
    const json = join(folder, "verified.json");
    const refused = release("verify", "dev", "--manifest", join(folder, "a.json"), "--json", json);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/\n {2}terraform.required_version: manifest [0-9a-f]{16}, now /);
    expect(JSON.parse(readFileSync(json, "utf8"))).toMatchObject({
      refused: true,
      lines: [
        expect.stringMatching(/^commit: /),
        expect.stringMatching(/^terraform.required_version: manifest /),
      ],
    });
    git("checkout", "--quiet", ".");
    build();
  });

  it("finds a branch on the name, in the stack and around it", () => {
    edit(
      "stacks/orders-stack.ts",
      "maxReceiveCount: DELIVERIES,",
      'maxReceiveCount: environment.name === "prod" ? 9 : DELIVERIES,',
    );
    edit(
      "main.ts",
      "new OrdersStack(made, environment, bundles);",
      'new OrdersStack(made, environment, bundles).addOverride("resource.aws_sqs_queue.orders_queue.delay_seconds", environment.name === "prod" ? 5 : undefined);',
    );
    build();
    const { status, stderr } = release("compare", "staging", "prod");
    expect(status).toBe(1);
    expect(stderr.split("\n").slice(-3)).toEqual([
      "  aws_sqs_queue.orders_queue.delay_seconds: 5, nothing: main.ts and the stack alone, of prod",
      "  aws_sqs_queue.orders_queue.redrive_policy.maxReceiveCount: 10 with the name staging, 9 with prod",
      "",
    ]);
    git("checkout", "--quiet", ".");
    build();
  });

  it.each([
    [["guard", "nowhere"], 2, "there is no environment nowhere"],
    [["verify", "nowhere"], 2, "there is no environment nowhere"],
    [["verify", "prod", "--manifest", "none.json"], 2, "there is no manifest"],
    [["compare", "staging"], 2, "missing required argument 'b'"],
    [["promotable", "nowhere"], 2, "there is no environment nowhere"],
    [["promote"], 2, "unknown command 'promote'"],
    [["--what"], 2, "unknown option '--what'"],
  ])("%j ends with %d and says why", (args, status, said) => {
    const ended = release(...args);
    expect(ended.status).toBe(status);
    expect(ended.stderr).toContain(said);
    expect(ended.stderr).not.toMatch(/\n {4}at /);
  });
});
