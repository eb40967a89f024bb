/** The command as a user types it, over TLS, against runs that only pretend. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tokenVariable } from "../../cli/hcp/credentials";
import type { Executor } from "./server/executor";
import type { Answer } from "./server/routes";
import { makeWorld, type World } from "./support/world";

const created = { resource_changes: [{ address: "terraform_data.a", change: { actions: ["create"] } }] };
const pretends: Executor = { plan: () => Promise.resolve(created), apply: () => Promise.resolve() };
const never: Executor = {
  ...pretends,
  plan: ({ signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(new Error("interrupted")));
    }),
};

let world: World;
let executor: Executor;
let before: (method: string, path: string) => Answer | undefined;

beforeAll(async () => {
  world = await makeWorld({
    executor: { plan: (order) => executor.plan(order), apply: (order) => executor.apply(order) },
    before: (method, path) => before(method, path),
  });
  world.write({ a: {} });
});
beforeEach(() => {
  executor = pretends;
  before = () => undefined;
});
afterAll(() => world.end());

test("plan, then apply, by people and by programs", async () => {
  const file = join(world.folder, "report.json");
  const planned = await world.hcp(["plan", "dev", "--json", file]);
  expect(planned).toMatchObject({ code: 0, stderr: "" });
  const report: unknown = JSON.parse(readFileSync(file, "utf8"));
  expect(report).toMatchObject({
    run: expect.stringMatching(/^run-/),
    link: expect.stringContaining(`https://${world.server.host}/app/energy/workspaces/orders-dev/runs/run-`),
    status: "planned_and_saved",
    confirmable: true,
    summary: { add: 1, change: 0, destroy: 0, addresses: [{ mark: "+", address: "terraform_data.a" }] },
  });
  expect(planned.stdout).toMatch(/^run-\w+ {2}https:.*\n( +\d+ s {2}\w.*\n)+\+1 ~0 -0\n/);
  expect(await world.hcp(["apply", "dev"])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("applied +1 ~0 -0"),
  });
});

test("drift has an exit status of its own", async () => {
  const drifted = { resource_drift: [{ address: "aws_sqs_queue.a", change: { actions: ["delete"] } }] };
  executor = { ...pretends, plan: () => Promise.resolve(drifted) };
  expect(await world.hcp(["drift", "dev"])).toMatchObject({
    code: 3,
    stdout: expect.stringContaining("drifted:\n+0 ~0 -1\n  -   aws_sqs_queue.a"),
  });
});

test("Ctrl-C says what still runs and how to cancel it, and that cancels it", async () => {
  executor = never;
  const interrupted = await world.hcp(["plan", "dev"], (stdout, interrupt) => {
    if (stdout.includes("planning")) interrupt();
  });
  expect(interrupted.code).toBe(130);
  const [, run = ""] = /npm run hcp -- cancel dev --run (run-\w+)/.exec(interrupted.stderr) ?? [];
  expect(interrupted.stderr).toContain(`${run} goes on without this command`);
  expect(await world.hcp(["cancel", "dev", "--run", run])).toMatchObject({ code: 0 });
  expect(world.server.store.runs.find(({ id }) => id === run)?.status).toBe("canceled");
});

test.each([
  [2, ["plan"], {}],
  [2, ["fly", "dev"], {}],
  [2, ["plan", "dev", "--pickup-seconds", "soon"], {}],
  [2, ["plan", "moon"], {}],
  [2, ["cancel", "dev"], {}],
  [11, ["status", "dev"], { HOME: "/nonexistent" }],
])("exit status %d of %j", async (code, args, env) => {
  const finished = await world.hcp(args, undefined, env);
  expect(finished.code).toBe(code);
  expect(finished.stderr).toMatch(/^hcp: /);
});

test.each([
  [12, 401],
  [13, 403],
  [14, 404],
  [15, 409],
  [16, 422],
])("exit status %d when the server answers %d", async (code, status) => {
  before = (_, path) =>
    path.endsWith("/orders-dev") ? { status, body: { errors: [{ title: "no" }] } } : undefined;
  const finished = await world.hcp(["status", "dev"]);
  expect(finished).toMatchObject({ code, stdout: "" });
  expect(finished.stderr).toContain(`cannot read workspace energy/orders-dev: ${status}: no`);
});

test("the variable of a host with a port cannot be one a shell sets, so its token is in the file", () => {
  expect(tokenVariable(world.server.host)).toMatch(/^TF_TOKEN_localhost:\d+$/);
});

test("--help tells every exit status", async () => {
  const { code, stdout } = await world.hcp(["--help"]);
  expect(code).toBe(0);
  expect(stdout).toContain("130  interrupted");
});
