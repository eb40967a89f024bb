/**
 * What runs somewhere, read by the real Terraform from state on disk: the guard's baseline, and what a promotion
 * asks for. The states are written as an apply would leave them, so that nothing need be applied.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRight } from "fp-ts/Either";
import { recordSmoke } from "../../cli/release/smoke-record";
import { decodeStack } from "../../cli/release/synthesized";
import type { Release } from "../../stacks/release";
import { builtIn, type Checkout } from "../support/checkout";
import { temporaryFolder } from "../support/temporary-folder";

let folder: string;
let checkout: Checkout;
const home = process.cwd();
const clone = (): string => checkout.folder;

const run = (program: string, ...args: ReadonlyArray<string>) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`dist/${program}.js`, ...args], {
    cwd: clone(),
    encoding: "utf8",
    env: { ...process.env, TMPDIR: folder, INIT_CWD: undefined, ORDERS_ENVIRONMENTS: undefined },
  });
  return { status, stdout, stderr };
};
const release = (...args: ReadonlyArray<string>) => run("release", ...args);

const edit = (file: string, from: string | RegExp, to: string): void => {
  const text = readFileSync(join(clone(), file), "utf8");
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  writeFileSync(join(clone(), file), changed);
};

const commit = (message: string): void => {
  checkout.git("commit", "--quiet", "--all", "--message", message);
};

const stackOf = (name: string) => {
  const file = join(clone(), "cdktf.out", "stacks", name, "cdk.tf.json");
  const decoded = decodeStack(JSON.parse(readFileSync(file, "utf8")));
  if (!isRight(decoded)) throw new Error(`${name} is not synthesized`);
  return decoded.right;
};

/** Leaves behind what an apply of this checkout's stack would. */
const applied = (name: string): Release => {
  expect(run("main", "--outdir", "cdktf.out")).toMatchObject({ status: 0 });
  const { json, release: says } = stackOf(name);
  const resources = Object.entries(json.resource).flatMap(([type, named]) =>
    Object.entries(named).map(([resource, attributes]) => ({
      mode: "managed",
      type,
      name: resource,
      provider: 'provider["registry.terraform.io/hashicorp/aws"]',
      instances: [
        { schema_version: 0, attributes: { ...attributes, arn: `arn:aws:x:${regionOf(name)}:${resource}` } },
      ],
    })),
  );
  const types = Object.fromEntries(Object.keys(says).map((key) => [key, "string"]));
  writeFileSync(
    join(clone(), `${name}.tfstate`),
    JSON.stringify({
      version: 4,
      terraform_version: "1.11.0",
      serial: 1,
      lineage: "0e0d6f4e-0000-4000-8000-000000000000",
      outputs: { release: { value: says, type: ["object", types] } },
      resources,
    }),
  );
  return says;
};

const regionOf = (name: string): string =>
  `eu-central-1:${{ staging: "222222222222", prod: "333333333333" }[name] ?? "111111111111"}`;

beforeAll(() => {
  folder = temporaryFolder("running");
  const clonedTo = join(folder, "clone");
  checkout = builtIn(clonedTo, () => {
    for (const name of ["dev", "staging", "prod"]) {
      const file = join(clonedTo, "environments", `${name}.json`);
      const environment = JSON.parse(readFileSync(file, "utf8")) as object;
      writeFileSync(
        file,
        JSON.stringify({ ...environment, removals: undefined, backend: { type: "local" } }, undefined, 2),
      );
    }
  });
});

describe("the guard's baseline is what runs in an environment", () => {
  it("and there is none where nothing was applied", () => {
    expect(release("guard")).toMatchObject({
      status: 0,
      stdout: [
        ...["dev", "prod", "staging"].map(
          (name) => `${name}: nothing is applied there, so there is nothing to lose`,
        ),
        "nothing that keeps data is removed, renamed or recreated\n",
      ].join("\n"),
    });
    // It looked, and made nothing.
    expect(existsSync(join(clone(), "prod.tfstate"))).toBe(false);
  });

  it("and the same stack loses nothing of it", () => {
    const { version, commit: runs } = applied("prod");
    expect(release("guard", "prod")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`prod: held against what runs there, ${version} (commit ${runs}): `),
    });
  });

  it("and it says when it does not know the commit that runs", () => {
    const file = join(clone(), "prod.tfstate");
    const state = readFileSync(file, "utf8");
    writeFileSync(file, state.replace(checkout.git("rev-parse", "HEAD").trim(), "f".repeat(40)));
    expect(release("guard", "prod")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`note: prod: this checkout has no commit ${"f".repeat(40)}`),
    });
    writeFileSync(file, state);
    expect(release("guard", "prod").stdout).not.toContain("note:");
  });

  it("and a renamed table is refused, also after a tag with it that never ran", () => {
    edit("stacks/orders-stack.ts", '"orders-table"', '"bids-table"');
    commit("rename the table");
    checkout.git("tag", "v1.1.0");
    checkout.build();
    const json = join(folder, "guard.json");
    const line = "prod: aws_dynamodb_table.orders_table: is gone";
    expect(release("guard", "prod", "--json", json)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(line),
    });
    expect(JSON.parse(readFileSync(json, "utf8"))).toEqual({
      refused: true,
      lines: [expect.stringContaining(line)],
    });
    checkout.git("commit", "--quiet", "--allow-empty", "--message", "something else, on top");
    expect(release("guard", "prod").stderr).toContain(line);
    // Nor is it planned, hotfix or not.
    expect(run("main", "--outdir", "cdktf.out")).toMatchObject({ status: 0 });
    expect(run("deploy", "plan", "prod", "--hotfix", "the desk: at once")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(line),
    });
    edit(
      "environments/prod.json",
      '"region"',
      `"removals": {"aws_dynamodb_table.orders_table": "decided"}, "region"`,
    );
    expect(release("guard", "prod")).toMatchObject({ status: 0 });
    checkout.git("reset", "--quiet", "--hard", "HEAD~2");
    checkout.build();
  });

  it("and an environment whose file is gone is refused while its resources are there", () => {
    applied("dev");
    rmSync(join(clone(), "environments", "dev.json"));
    expect(release("guard", "prod")).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /\n {2}dev: environments\/dev.json is gone, and the \d+ resources it made/,
      ),
    });
    rmSync(join(clone(), "dev.tfstate"));
    expect(release("guard", "prod")).toMatchObject({ status: 0 });
    checkout.git("checkout", "--quiet", ".");
  });

  it("and a state that cannot be read is not taken for an empty one", () => {
    const bucket = { type: "s3", bucket: "nowhere", key: "prod.tfstate", region: "eu-central-1" };
    edit(
      "environments/prod.json",
      /"backend": \{\s*"type": "local"\s*\}/,
      `"backend": ${JSON.stringify(bucket)}`,
    );
    // Nothing answers there: what cannot be read is no empty state.
    const unreadable = run("release", "guard", "prod");
    expect(unreadable.status).toBeGreaterThanOrEqual(10);
    checkout.git("checkout", "--quiet", ".");
  });
});

describe("what comes to prod", () => {
  /** As `npm run smoke -- staging --record` does when every check held. */
  const record = async (tested: Release) => {
    process.chdir(clone());
    try {
      const place = { name: "staging", backend: { type: "local" as const } };
      const said: string[] = [];
      return await recordSmoke(place, tested, new Date("2026-11-23T14:05:00Z"), {
        env: process.env,
        say: (line) => void said.push(line),
      })();
    } finally {
      process.chdir(home);
    }
  };

  it("is refused while staging runs nothing, and while it is not smoke-tested there", () => {
    expect(release("promotable", "prod")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("staging runs no release: deploy this one there first"),
    });
    applied("staging");
    expect(release("promotable", "prod")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("it has not passed its smoke test there (none is recorded)"),
    });
  });

  it("is not recorded as tested when something else was applied meanwhile", async () => {
    const running = applied("staging");
    expect(await record({ ...running, commit: "f".repeat(40) })).toMatchObject({
      left: { lines: [expect.stringContaining(`tested ${"f".repeat(40)}, now ${running.commit}`)] },
    });
    expect(release("promotable", "prod").stderr).toContain("none is recorded");
  });

  it("is what staging runs and was tested with, told twice the same", async () => {
    const running = applied("staging");
    for (const time of [1, 2]) {
      expect([time, await record(running)]).toEqual([
        time,
        expect.objectContaining({ right: expect.stringContaining(running.commit) }),
      ]);
      expect(release("promotable", "prod")).toMatchObject({
        status: 0,
        stdout: expect.stringContaining("it passed its smoke test there on 2026-11-23T14:05:00.000Z"),
      });
    }
  });

  it("is not the next commit, nor the same one with other files", () => {
    edit("functions/query-orders/handler.ts", "/** ", "/** Another. ");
    checkout.build();
    expect(release("promotable", "prod").stderr).toMatch(/\+changes: files differ from the commit/);
    commit("another");
    expect(release("promotable", "prod").stderr).toMatch(/staging runs .* this is .*: deploy this one there/);
    checkout.git("reset", "--quiet", "--hard", "HEAD~1");
    checkout.build();
  });

  it("is refused before anything is planned", () => {
    rmSync(join(clone(), "staging.tfstate"));
    expect(run("main", "--outdir", "cdktf.out")).toMatchObject({ status: 0 });
    expect(run("deploy", "plan", "prod")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("prod takes only what staging runs and was tested with there:"),
    });
  });

  it("is no stack of another commit than the one that is checked out, nor one that was changed since", () => {
    expect(run("main", "--outdir", "cdktf.out")).toMatchObject({ status: 0 });
    const file = join(clone(), "cdktf.out", "stacks", "dev", "cdk.tf.json");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("dev-orders-archive", "my-orders-archive"));
    expect(run("deploy", "plan", "dev")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("it was changed after it was synthesized"),
    });
    writeFileSync(file, text);
    const first = checkout.git("rev-parse", "HEAD").trim();
    checkout.git("commit", "--quiet", "--allow-empty", "--message", "another");
    expect(run("deploy", "plan", "dev")).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(new RegExp(`it is of commit ${first}, and \\w{40} is checked out`)),
    });
  });
});
