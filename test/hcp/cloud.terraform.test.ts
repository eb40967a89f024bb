/**
 * The test server is kept honest by Terraform itself: its own `cloud` block works against it. And the command
 * works against the same server, down to a state that Terraform reads back.
 */
import { terraformExecutor } from "./server/terraform";
import { run } from "./support/process";
import { makeWorld, type World } from "./support/world";

let world: World;
const terraform = (...args: ReadonlyArray<string>) =>
  run("terraform", args, { cwd: world.stack, env: world.env, seconds: 120 });

const runId = (output: string): string => /run-\w+/.exec(output)?.[0] ?? "no run";

beforeEach(async () => {
  world = await makeWorld({ executor: terraformExecutor(process.env) });
});
afterEach(() => world.end());

test("the real terraform works with its cloud block: init, plan, apply, state", async () => {
  world.write({ first: { input: "a" }, second: { input: "b" } });
  expect(await terraform("init", "-input=false", "-no-color")).toMatchObject({ code: 0 });
  const planned = await terraform("plan", "-input=false", "-no-color");
  expect(planned).toMatchObject({ code: 0, stderr: "" });
  expect(planned.stdout).toContain("Plan: 2 to add, 0 to change, 0 to destroy.");
  const applied = await terraform("apply", "-auto-approve", "-input=false", "-no-color");
  expect(applied).toMatchObject({ code: 0, stderr: "" });
  expect(applied.stdout).toContain("Apply complete! Resources: 2 added");
  expect((await terraform("state", "list")).stdout).toBe("terraform_data.first\nterraform_data.second\n");
});

test("terraform saves a plan there and applies it", async () => {
  world.write({ first: { input: "a" } });
  await terraform("init", "-input=false", "-no-color");
  const saved = await terraform("plan", "-input=false", "-no-color", "-out=saved.tfplan");
  expect(saved).toMatchObject({ code: 0, stderr: "" });
  const applied = await terraform("apply", "-input=false", "-no-color", "saved.tfplan");
  expect(applied.stdout).toContain("Apply complete! Resources: 1 added");
});

test("terraform makes a workspace that is not there yet, in a project", async () => {
  world.write({ first: { input: "a" } }, { name: "orders-new", project: "trading" });
  expect(await terraform("init", "-input=false", "-no-color")).toMatchObject({ code: 0, stderr: "" });
  expect(world.server.store.workspaces.map(({ name }) => name)).toContain("orders-new");
});

test("what was reviewed is what is applied, and terraform reads the state it left", async () => {
  world.write({ first: { input: "a" }, second: { input: "b" } });
  const planned = await world.hcp(["plan", "dev"]);
  expect(planned).toMatchObject({ code: 0, stderr: "" });
  expect(planned.stdout).toMatch(
    /\+2 ~0 -0\n {2}\+ {3}terraform_data\.first\n {2}\+ {3}terraform_data\.second/,
  );

  // Whatever the folder says meanwhile: the saved plan is applied.
  world.write({ other: { input: "c" } });
  const applied = await world.hcp(["apply", "dev", "--run", runId(planned.stdout)]);
  expect(applied).toMatchObject({ code: 0, stderr: "" });
  expect(applied.stdout).toContain("applied +2 ~0 -0");

  await terraform("init", "-input=false", "-no-color");
  expect((await terraform("state", "list")).stdout).toBe("terraform_data.first\nterraform_data.second\n");
  expect(await world.hcp(["drift", "dev"])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("nothing drifted"),
  });
});

test("a plan made stale by another apply is refused", async () => {
  world.write({ first: { input: "a" } });
  const stale = runId((await world.hcp(["plan", "dev"])).stdout);
  world.write({ second: { input: "b" } });
  const other = runId((await world.hcp(["plan", "dev"])).stdout);
  expect(await world.hcp(["apply", "dev", "--run", other])).toMatchObject({ code: 0 });
  const refused = await world.hcp(["apply", "dev", "--run", stale]);
  expect(refused.code).toBe(25);
  expect(refused.stderr).toContain("plan again");
});

test("a plan that fails ends with what terraform said", async () => {
  world.write({ first: { input: "${terraform_data.nowhere.output}" } });
  const failed = await world.hcp(["plan", "dev"]);
  expect(failed.code).toBe(24);
  expect(failed.stderr).toContain("Reference to undeclared resource");
});
