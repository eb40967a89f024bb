/** How a commit comes to an environment that takes it from another, as a user types it, in a repository. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Executor } from "./server/executor";
import type { Run } from "./server/store";
import { type Finished, run } from "./support/process";
import { makeWorld, ORGANIZATION, type World } from "./support/world";

const changes = { resource_changes: [{ address: "terraform_data.a", change: { actions: ["create"] } }] };

// Each command is a process of its own, and the machine may be busy.
jest.setTimeout(60_000);

let planned: unknown;
const pretends: Executor = { plan: () => Promise.resolve(planned), apply: () => Promise.resolve() };

let world: World;
let repository: string;

const git = (...args: ReadonlyArray<string>): string =>
  execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], {
    cwd: repository,
    encoding: "utf8",
  }).trim();

const commit = (): string => {
  git("commit", "--quiet", "--allow-empty", "--message", "a change");
  return git("rev-parse", "HEAD");
};

const hcp = (...args: ReadonlyArray<string>): Promise<Finished> =>
  run(process.execPath, [resolve("dist/hcp.js"), ...args, "--dir", world.stack, "--poll-ms", "20"], {
    cwd: repository,
    env: world.env,
    seconds: 60,
  });

const lastRun = (): Run => {
  const last = world.server.store.runs.at(-1);
  if (last === undefined) throw new Error("no run");
  return last;
};

const plan = async (environment: string): Promise<Run> => {
  expect(await hcp("plan", environment)).toMatchObject({ code: 0, stderr: "" });
  return lastRun();
};
const deploy = async (environment: string): Promise<void> => {
  const { id } = await plan(environment);
  expect(await hcp("apply", environment, "--run", id)).toMatchObject({ code: 0, stderr: "" });
};

beforeEach(async () => {
  planned = changes;
  world = await makeWorld({ executor: pretends });
  world.write({ a: {} });
  // dev comes with the world; prod takes from it what was applied there.
  const dev = JSON.parse(readFileSync(join(world.folder, "environments", "dev.json"), "utf8")) as {
    readonly backend: object;
  };
  const prod = JSON.parse(readFileSync("environments/prod.json", "utf8")) as object;
  writeFileSync(
    join(world.folder, "environments", "prod.json"),
    JSON.stringify({ ...prod, promoted_from: "dev", backend: { ...dev.backend, workspace: "orders-prod" } }),
  );
  world.server.store.addWorkspace(ORGANIZATION, "orders-prod");
  repository = join(world.folder, "repository");
  mkdirSync(repository);
  git("init", "--quiet");
  writeFileSync(join(repository, "main.ts"), "// a release\n");
  git("add", "main.ts");
  commit();
});
afterEach(() => world.end());

test("it may come once it was applied there, not when it was only planned there", async () => {
  const nothing = await hcp("plan", "prod");
  expect(nothing).toMatchObject({
    code: 28,
    stderr: expect.stringContaining("nothing was applied to dev yet"),
  });
  const { id } = await plan("dev");
  expect(await hcp("promotable", "prod")).toMatchObject({ code: 28 });
  await hcp("apply", "dev", "--run", id);
  expect(await hcp("promotable", "prod")).toMatchObject({ code: 0, stdout: expect.stringContaining(id) });
  await deploy("prod");

  commit();
  const other = await hcp("plan", "prod");
  expect(other).toMatchObject({ code: 28, stderr: expect.stringMatching(/applied there last: orders dev/) });
});

test("not when another was applied there since", async () => {
  const first = git("rev-parse", "HEAD");
  await deploy("dev");
  commit();
  await deploy("dev");
  git("checkout", "--quiet", first);
  expect(await hcp("promotable", "prod")).toMatchObject({ code: 28 });
});

test("what counts is when it was applied, not when it was planned", async () => {
  const saved = await plan("dev");
  commit();
  // Newer, and finished before the older one is applied: it was never what dev runs.
  planned = { resource_changes: [] };
  await plan("dev");
  await hcp("apply", "dev", "--run", saved.id);
  expect(await hcp("promotable", "prod")).toMatchObject({ code: 28 });
  git("checkout", "--quiet", "HEAD~1");
  expect(await hcp("promotable", "prod")).toMatchObject({ code: 0 });
});

test("a plan that had nothing to change is as good as applied, one that never could be is not", async () => {
  planned = { resource_changes: [] };
  await hcp("plan", "dev", "--speculative");
  expect(await hcp("promotable", "prod")).toMatchObject({ code: 28 });
  await plan("dev");
  expect(await hcp("promotable", "prod")).toMatchObject({ code: 0 });
});

test("a month of drift and previews does not hide what was applied", async () => {
  await deploy("dev");
  const { configuration } = lastRun();
  for (let run = 0; run < 60; run += 1) {
    const kind = { planOnly: true, savePlan: false, refreshOnly: true, autoApply: false, destroy: false };
    Object.assign(world.server.store.addRun(configuration, kind, "a night's drift"), {
      status: "planned_and_finished",
    });
  }
  expect(await hcp("promotable", "prod")).toMatchObject({ code: 0 });
});

test("changes that nobody committed come from nowhere, even if others by that name were applied", async () => {
  writeFileSync(join(repository, "main.ts"), "// something\n");
  await deploy("dev");
  writeFileSync(join(repository, "main.ts"), "// something else\n");
  const refused = await hcp("plan", "prod");
  expect(refused.code).toBe(28);
  expect(refused.stderr).toMatch(/"[0-9a-f]{40}\+changes" is none: nothing tells it from other changes/);
});

test("a run that names no commit is not applied, whatever is checked out", async () => {
  await deploy("dev");
  const { id } = await plan("prod");
  Object.assign(lastRun(), { message: "Triggered by hand" });
  expect(await hcp("apply", "prod", "--run", id)).toMatchObject({ code: 28 });
  expect(lastRun().status).toBe("planned_and_saved");
});

describe("a hotfix", () => {
  test("is planned as one, recorded in the run, and may then be applied", async () => {
    expect(await hcp("plan", "prod", "--hotfix", "the desk: no bids\nsince noon")).toMatchObject({ code: 0 });
    expect(lastRun().message).toMatch(/, HOTFIX: the desk: no bids since noon$/);
    expect(await hcp("apply", "prod", "--run", lastRun().id)).toMatchObject({ code: 0 });
  });

  test("cannot be said when it is applied, where no record of it would be kept", async () => {
    const first = git("rev-parse", "HEAD");
    await deploy("dev");
    const { id } = await plan("prod");
    commit();
    await deploy("dev");
    git("checkout", "--quiet", first);
    expect(await hcp("apply", "prod", "--run", id)).toMatchObject({ code: 28 });
    const overruled = await hcp("apply", "prod", "--run", id, "--hotfix", "me");
    expect(overruled).toMatchObject({ code: 2, stderr: expect.stringContaining("said when it is planned") });
  });

  test("has somebody who decided it", async () => {
    expect(await hcp("plan", "prod", "--hotfix", " ")).toMatchObject({ code: 2 });
  });

  test("cannot make a run pass for another commit's", async () => {
    const wanted = git("rev-parse", "HEAD");
    commit();
    await hcp("plan", "dev", "--hotfix", `x, commit ${wanted}, stack y`);
    await hcp("apply", "dev", "--run", lastRun().id);
    git("checkout", "--quiet", wanted);
    expect(await hcp("promotable", "prod")).toMatchObject({ code: 28 });
  });
});
