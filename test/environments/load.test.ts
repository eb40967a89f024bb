import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import * as E from "fp-ts/Either";
import { loadEnvironments } from "../../environments/load";
import { temporaryFolder } from "../support/temporary-folder";

type Json = { [key: string]: unknown };

let folder: string;
beforeEach(() => {
  folder = temporaryFolder("environments");
  for (const name of ["dev", "staging", "prod", "local"])
    cpSync(`environments/${name}.json`, join(folder, `${name}.json`));
});

/** Changes a property of a file, given by its path; undefined removes it. */
const edit = (name: string, path: string, value: unknown): void => {
  const file = join(folder, `${name}.json`);
  const json = JSON.parse(readFileSync(file, "utf8")) as Json;
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const parent = keys.reduce((object, key) => object[key] as Json, json);
  parent[last] = value;
  writeFileSync(file, JSON.stringify(json));
};

const faults = (): ReadonlyArray<string> => {
  const loaded = loadEnvironments(folder);
  return E.isLeft(loaded) ? loaded.left : [];
};

describe("the environment files", () => {
  it("decode, each under its file's name", () => {
    const files = readdirSync("environments").filter((file) => file.endsWith(".json"));
    const loaded = loadEnvironments("environments");
    expect(E.isRight(loaded) && loaded.right.map(({ name }) => `${name}.json`)).toEqual(files.sort());
  });

  it.each([
    ["an unknown property", "dev", "retries", 3, "dev.json: retries: expected no such property, got 3"],
    [
      "an unknown property further down",
      "dev",
      "api.cors",
      true,
      "dev.json: api.cors: expected no such property, got true",
    ],
    [
      "a missing property",
      "dev",
      "region",
      undefined,
      "dev.json: region: expected an AWS region, got nothing",
    ],
    [
      "a wrong type",
      "prod",
      "retention.orders_days",
      "x",
      'prod.json: retention.orders_days: expected a whole number of days from 1 to 3650, got "x"',
    ],
    [
      "a retention CloudWatch does not know",
      "dev",
      "retention.logs_days",
      31,
      /^dev\.json: retention\.logs_days: expected one of 1, 3, .* days, got 31$/,
    ],
    [
      "an unknown kind of backend",
      "dev",
      "backend.type",
      "gcs",
      'dev.json: backend.type: expected "cloud", "s3" or "local", got "gcs"',
    ],
    [
      "no authentication but in local",
      "dev",
      "api.auth.type",
      "none",
      /^dev\.json: api\.auth\.type: expected iam or jwt: .* got none$/,
    ],
    [
      "no deletion protection in prod",
      "prod",
      "deletion_protection",
      false,
      "prod.json: deletion_protection: expected true in prod, got false",
    ],
    [
      "no recovery in prod",
      "prod",
      "retention.table_recovery",
      false,
      "prod.json: retention.table_recovery: expected true in prod, got false",
    ],
    [
      "an endpoint of a real environment",
      "dev",
      "endpoint",
      "http://127.0.0.1:1",
      /^dev\.json: endpoint: expected no endpoint, or stand_in: true beside it/,
    ],
    [
      "tags of another environment",
      "dev",
      "tags.environment",
      "prod",
      "dev.json: tags.environment: expected the environment's name, dev, got prod",
    ],
    [
      "a name that is not the file's",
      "dev",
      "name",
      "test",
      "dev.json: name: expected the file's own, dev, got test",
    ],
    ...[1, 101, true].map((value): [string, string, string, unknown, string] => [
      `an auction platform that takes ${value} orders in one call`,
      "dev",
      "auction.orders_per_call",
      value,
      `dev.json: auction.orders_per_call: expected a whole number of orders from 2 to 100, got ${value}`,
    ]),
    [
      "results that could come out before they are entered",
      "dev",
      "auction.result_delay_seconds.min",
      1,
      /^dev\.json: auction\.result_delay_seconds\.min: expected at least/,
    ],
    [
      "a schedule that EventBridge Scheduler refuses",
      "dev",
      "schedules.results.expression",
      "cron(0/10 8 * * * *)",
      "dev.json: schedules.results.expression: expected cron(…) with ? for the day of month or the day of week, and not for both, got cron(0/10 8 * * * *)",
    ],
    [
      "a rate in seconds, which only the local platform knows",
      "prod",
      "schedules.sweep.expression",
      "rate(30 seconds)",
      /^prod\.json: schedules\.sweep\.expression: expected rate\(1 minute.* got rate\(30 seconds\)$/,
    ],
    [
      "a time zone that there is not",
      "dev",
      "schedules.sweep.time_zone",
      "Europe/Bonn",
      /^dev\.json: schedules\.sweep\.time_zone: expected an IANA time zone, got "Europe\/Bonn"$/,
    ],
    [
      "an alarm on missing results that rings between two runs",
      "prod",
      "alarms.results_silence_minutes",
      60,
      "prod.json: alarms.results_silence_minutes: expected more than the 1390 minutes between two runs by cron(0/10 8 * * ? *), got 60",
    ],
    [
      "a function behind the API that outlasts the API",
      "prod",
      "functions.place-orders.timeout_seconds",
      30,
      "prod.json: functions.place-orders.timeout_seconds: expected at most 29: the API gives up after 30 seconds, got 30",
    ],
    [
      "more submissions at once than the function's concurrency",
      "prod",
      "submissions_at_once",
      21,
      /^prod\.json: submissions_at_once: expected at most functions\.submit-orders\.concurrency, 20: .* got 21$/,
    ],
    [
      "a limit that it does not know",
      "prod",
      "orders.limits.default.power_per_dya",
      1,
      "prod.json: orders.limits.default.power_per_dya: expected no such property (did you mean power_per_day?), got 1",
    ],
    [
      "a limit that is none",
      "prod",
      "orders.limits.products",
      [{ match: "DE-*", orders_per_day: -1 }],
      "prod.json: orders.limits.products[0].orders_per_day: expected a whole number of orders from 0 to 2^53 − 1, got -1",
    ],
    [
      "limits that let no order through",
      "prod",
      "orders.limits",
      { products: [] },
      "prod.json: orders.limits: expected a product or a default, got neither: no order could be placed",
    ],
    [
      "a pattern behind one that fits all that it does",
      "prod",
      "orders.limits.products",
      [{ match: "DE-*" }, { match: "FR-*" }, { match: "DE-Q*" }],
      "prod.json: orders.limits.products[2].match: expected a pattern before DE-*, which fits all that it does, got DE-Q*",
    ],
    [
      "a limit of an order that a day's limit is below",
      "prod",
      "orders.limits.default",
      { power_per_order: 11, power_per_day: 10 },
      "prod.json: orders.limits.default.power_per_order: expected at most power_per_day, 10, got 11",
    ],
    [
      "more limits than a function's variable holds",
      "prod",
      "orders.limits.products",
      Array.from({ length: 80 }, (_, index) => ({ match: `Product-${index}-*`, orders_per_day: 1 })),
      /^prod\.json: orders\.limits: expected at most 3000 bytes of JSON: place-orders has them in a variable, got \d+$/,
    ],
  ])("may not have %s", (_, name, path, value, line) => {
    edit(name, path, value);
    expect(faults()[0]).toMatch(line);
    expect(faults().every((fault) => fault.startsWith(`${name}.json: `))).toBe(true);
  });

  it.each<readonly [string, from: string, to: string, ReadonlyArray<string>]>([
    [
      "a value out of range",
      '"burst": 100',
      '"burst": -1',
      ["api.throttling.burst: expected a whole number of requests from 1 to 5000, got -1"],
    ],
    [
      "a value within a choice",
      '"acceptance": 0.7',
      '"acceptance": 1.7',
      ["auction.acceptance: expected a number from 0 to 1, got 1.7"],
    ],
    [
      "no such choice",
      '"type": "iam"',
      '"type": "aim"',
      ['api.auth.type: expected "iam", "jwt" or "none" (did you mean iam?), got "aim"'],
    ],
    [
      "no choice",
      '"type": "iam"',
      '"tipe": "iam"',
      ['api.auth.type: expected "iam", "jwt" or "none", got nothing'],
    ],
    [
      "a misspelt property",
      '"organization"',
      '"organisation"',
      [
        "backend.organization: expected a text, got nothing",
        'backend.organisation: expected no such property (did you mean organization?), got "energy-orders"',
      ],
    ],
    [
      "a misspelt region",
      "eu-central-1",
      "eu-cental-1",
      ['region: expected an AWS region (did you mean eu-central-1?), got "eu-cental-1"'],
    ],
    [
      "a misspelt time zone",
      "Europe/Berlin",
      "Europe/Berln",
      [
        'schedules.results.time_zone: expected an IANA time zone (did you mean Europe/Berlin?), got "Europe/Berln"',
      ],
    ],
    [
      "an hour that no day has",
      "cron(0/10 8 * * ? *)",
      "cron(0/10 25 * * ? *)",
      [
        "schedules.results.expression: expected cron(…) with hours of 0 to 23, in lists, ranges or increments, not 25, got cron(0/10 25 * * ? *)",
      ],
    ],
    ["half an account", '"111111111111"', '"1111"', ['account_id: expected 12 digits, got "1111"']],
    [
      "a property twice",
      '"rate": 50',
      '"rate": 50, "rate": 60',
      ["api.throttling.rate: expected each property once, got it again"],
    ],
    [
      "a number that would be rounded",
      '"rate": 50',
      '"rate": 12345678901234567890',
      [
        "api.throttling.rate: expected a number that is kept as it is written, got an integer beyond ±(2^53 − 1)",
      ],
    ],
    [
      "a source of releases that is not there",
      '"previews": true',
      '"promoted_from": "stagin"',
      ['promoted_from: expected the name of another environment (did you mean staging?), got "stagin"'],
    ],
    [
      "releases that come back to it",
      '"previews": true',
      '"promoted_from": "dev"',
      ['promoted_from: expected an environment that does not come from dev itself, got "dev"'],
    ],
  ])("say of %s what was found and what was meant", (_, from, to, lines) => {
    const file = join(folder, "dev.json");
    const text = readFileSync(file, "utf8");
    expect(text).toContain(from);
    writeFileSync(file, text.replace(from, to));
    const said = faults().filter((line) => line.startsWith("dev.json: "));
    expect(said).toEqual(lines.map((line) => `dev.json: ${line}`));
  });

  it("say what is wrong by itself and what contradicts, both at once", () => {
    edit("dev", "region", 1);
    edit("dev", "tags.environment", "prod");
    expect(faults()).toEqual([
      "dev.json: region: expected an AWS region, got 1",
      "dev.json: tags.environment: expected the environment's name, dev, got prod",
    ]);
  });

  it("may not have the name or the state of another", () => {
    edit("staging", "backend.workspace", "orders-prod");
    expect(faults()).toEqual([
      "staging.json: backend: expected what no other environment has, got that of prod.json",
    ]);
  });

  it("are the template of previews in one file only", () => {
    edit("staging", "previews", true);
    expect(faults()).toEqual([
      "staging.json: previews: expected what no other environment has, got that of dev.json",
    ]);
  });

  it("are all read before synthesis says what is wrong with them, in lines without a stack trace", () => {
    edit("dev", "region", 1);
    edit("prod", "deletion_protection", false);
    writeFileSync(join(folder, "staging.json"), "{");
    const app = spawnSync(process.execPath, ["dist/main.js"], {
      encoding: "utf8",
      env: { ...process.env, ORDERS_ENVIRONMENTS: folder },
    });
    expect(app.status).toBe(1);
    const lines = app.stderr.trim().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines.map((line) => line.replace(`${folder}/`, "").replace(/:.*/, ""))).toEqual([
      "dev.json",
      "prod.json",
      "staging.json",
    ]);
  });

  it("name a folder that is not there", () => {
    expect(E.isLeft(loadEnvironments(join(folder, "nowhere")))).toBe(true);
  });
});

describe("synthesis", () => {
  it("gives the same bytes twice, on another path too", () => {
    // Both are of one commit, which is part of what is written.
    const gitDir = execFileSync("git", ["rev-parse", "--absolute-git-dir"], { encoding: "utf8" }).trim();
    const env = { ...process.env, GIT_DIR: gitDir, GIT_WORK_TREE: process.cwd() };
    const digest = (cwd: string, outdir: string): string => {
      execFileSync(process.execPath, [join(process.cwd(), "dist/main.js"), "--outdir", outdir], { cwd, env });
      return execFileSync("sh", ["-c", "cd stacks && find . -type f | sort | xargs sha256sum"], {
        cwd: outdir,
        encoding: "utf8",
      });
    };
    const elsewhere = join(folder, "another checkout");
    for (const part of ["environments", "dist/functions", "package.json", "stacks"])
      cpSync(part, join(elsewhere, part), { recursive: true });
    const here = digest(process.cwd(), join(folder, "out1"));
    expect(digest(process.cwd(), join(folder, "out2"))).toBe(here);
    expect(digest(elsewhere, join(folder, "out3"))).toBe(here);
    expect(here).toContain("./prod/cdk.tf.json");
  });
});
