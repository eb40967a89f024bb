/** An environment whose state and runs are in HCP Terraform, deployed by Terraform's own `cloud` block. */
import type { PlanReport } from "../../cli/deploy/plan";
import { type Workspace } from "./cloud/store";
import { type CloudWorld, makeCloudWorld, ORGANIZATION, PLANNER, WORKSPACE, WRITER } from "./support/world";

let world: CloudWorld;
let workspace: Workspace;
beforeEach(async () => {
  world = await makeCloudWorld();
  const found = world.server.store.workspaceNamed(ORGANIZATION, WORKSPACE);
  if (found === undefined) throw new Error("no workspace");
  workspace = found;
});
afterEach(() => world.end());

const data = (named: Readonly<Record<string, unknown>>) => ({ resource: { terraform_data: named } });
const two = data({ first: { input: "a" }, second: { input: "b" } });
const report = (file: string): PlanReport => JSON.parse(world.read(file)) as PlanReport;
const done = (said: string) => ({ code: 0, stdout: expect.stringContaining(said) });
const refused = (code: number, said: string | RegExp) => ({ code, stderr: expect.stringMatching(said) });

const applied = async (stack: Readonly<Record<string, unknown>>): Promise<void> => {
  world.write(stack);
  expect(await world.deploy(["plan", "dev"])).toMatchObject({ code: 0 });
  expect(await world.deploy(["apply", "dev"])).toMatchObject(done("dev: applied"));
};

test("a saved plan is a run: what was reviewed is applied, whatever the stack says meanwhile", async () => {
  world.write(two);
  const planned = await world.deploy(["plan", "dev", "--out", "reviewed.tfplan", "--json", "plan.json"]);
  expect(planned).toMatchObject(done("2 to create, 1 outputs to change"));
  expect(planned.stdout).toContain("  create   terraform_data.first\n  create   terraform_data.second\n");
  const { link, applicable } = report("plan.json");
  expect(applicable).toBe(true);
  expect(world.read("reviewed.tfplan")).toContain(link?.split("/").at(-1));

  world.write(data({ other: { input: "c" } }));
  const outcome = await world.deploy(["apply", "dev", "--plan", "reviewed.tfplan"]);
  expect(outcome).toMatchObject(done("Apply complete! Resources: 2 added"));
  expect(outcome.stdout).toContain("dev: applied");

  expect(JSON.parse((await world.deploy(["outputs", "dev"])).stdout)).toMatchObject({
    release: { version: "1.0.0", commit: "unknown" },
  });
  expect((await world.deploy(["status"])).stdout).toMatch(/^dev +1\.0\.0 +unknown +unknown +not checked$/m);
  expect(await world.deploy(["apply", "dev", "--plan", "reviewed.tfplan"])).toMatchObject(
    refused(17, "already applied"),
  );
});

test("a token that may plan reviews the same plan, read from what Terraform prints", async () => {
  const before = {
    ...data({
      kept: { input: "a" },
      changed: { input: "a" },
      replaced: { triggers_replace: "a" },
      removed: { input: "a" },
      forgotten: { input: "a" },
      old_name: { input: "a" },
    }),
    output: { said: { value: "a" } },
  };
  await applied(before);
  world.write({
    ...data({
      kept: { input: "a" },
      changed: { input: "b" },
      replaced: { triggers_replace: "b" },
      new_name: { input: "a" },
      created: { input: "a" },
    }),
    moved: [{ from: "terraform_data.old_name", to: "terraform_data.new_name" }],
    removed: [{ from: "terraform_data.forgotten", lifecycle: { destroy: false } }],
    output: { said: { value: "b" } },
  });
  expect(await world.deploy(["plan", "dev", "--speculative", "--json", "json.json"])).toMatchObject({
    code: 0,
  });
  world.login(PLANNER);
  const planned = await world.deploy(["plan", "dev", "--speculative", "--json", "text.json"]);
  expect(planned).toMatchObject(done("this token may not read the plan as JSON"));
  const [json, text] = [report("json.json"), report("text.json")];
  expect([json.source, text.source]).toEqual(["json", "text"]);
  const told = ({ review }: PlanReport) => ({
    counts: review.counts,
    resources: review.resources
      .map(({ address, action, moved_from }) => `${action} ${address} ${moved_from ?? ""}`)
      .sort(),
    // What changes inside an output the text does not tell.
    outputs: review.outputs.filter(({ name }) => name !== "release"),
  });
  expect(told(text)).toEqual(told(json));
  expect(told(json).counts).toEqual({
    create: 1,
    update: 1,
    replace: 1,
    delete: 1,
    forget: 1,
    move: 1,
    import: 0,
  });
  const changed = text.review.resources.find(({ address }) => address === "terraform_data.changed");
  expect(changed?.attributes).toContainEqual({ path: "input", before: "a", after: "b" });
  const replaced = json.review.resources.find(({ action }) => action === "replace");
  expect(replaced?.reason).toBe("cannot be updated in place: triggers_replace");
});

test("a hotfix's reason, with whatever characters, is a variable of the run", async () => {
  world.write({
    ...two,
    variable: { hotfix: { type: "string", default: null } },
    output: { release: { value: { version: "1", commit: "c", hotfix: "${var.hotfix}" } } },
  });
  const reason = 'the "desk": ${orders} refused %{ since } 14:05';
  expect(await world.deploy(["plan", "dev", "--hotfix", reason])).toMatchObject(done("hotfix: (nothing) →"));
  expect(await world.deploy(["apply", "dev"])).toMatchObject({ code: 0 });
  expect(JSON.parse((await world.deploy(["outputs", "dev"])).stdout)).toMatchObject({
    release: { hotfix: reason },
  });
  expect((await world.deploy(["status", "dev"])).stdout).toContain(`hotfix: ${reason}`);
});

test("a speculative plan leaves no run that could be applied, and drift leaves none either", async () => {
  await applied(two);
  world.write(data({ first: { input: "b" } }));
  expect(await world.deploy(["plan", "dev", "--speculative", "--detailed-exitcode"])).toMatchObject({
    code: 4,
    stdout: expect.stringContaining("speculative: it cannot be applied"),
  });
  expect(await world.deploy(["drift", "dev"])).toMatchObject(done("dev: nothing drifted"));
  expect(world.server.store.runs.map(({ status }) => status)).toEqual([
    "applied",
    "planned_and_finished",
    "planned_and_finished",
  ]);
});

test("a plan that changes nothing is nothing to apply, and one made stale by another is refused", async () => {
  await applied(two);
  expect(await world.deploy(["plan", "dev"])).toMatchObject(done("nothing to change"));
  expect(await world.deploy(["apply", "dev"])).toMatchObject(done("dev: nothing to apply"));
  world.write(data({ first: { input: "b" } }));
  await world.deploy(["plan", "dev", "--out", "stale.tfplan"]);
  await applied(data({ first: { input: "c" } }));
  expect(await world.deploy(["apply", "dev", "--plan", "stale.tfplan"])).toMatchObject(
    refused(16, /^this plan is stale: Saved plan is discarded.*\nPlan again/),
  );
});

test("what fails ends with Terraform's own words and a link to the run", async () => {
  world.write(data({ first: { input: "${terraform_data.nowhere.output}" } }));
  expect(await world.deploy(["plan", "dev"])).toMatchObject(
    refused(
      20,
      /^terraform plan failed:\nError: Reference to undeclared resource[^]*\nsee https:.*\/run-\w+/,
    ),
  );
  world.write(data({ first: { provisioner: [{ "local-exec": { command: "exit 7" } }] } }));
  await world.deploy(["plan", "dev"]);
  const failed = await world.deploy(["apply", "dev"]);
  expect(failed).toMatchObject(refused(20, /^terraform apply failed:\nError: local-exec provisioner error/));
  expect(failed.stdout).not.toContain("Error:");
});

test.each([
  ["a policy that must hold", { policy: "hard_failed" }, "Organization Policy Check hard failed"],
  ["a policy somebody may override", { policy: "soft_failed" }, "Organization Policy Check soft failed"],
  ["a run task", { task: "failed" }, "run task, cost-guard, is required"],
] as const)("%s fails the plan", async (_, failing, said) => {
  Object.assign(workspace, failing);
  world.write(two);
  const failed = await world.deploy(["plan", "dev"]);
  expect(failed).toMatchObject(refused(18, said));
  expect(failed.stderr).toMatch(/\nsee https:\S+\/run-\w+\n$/);
});

test("no token, a wrong one, and one that may not apply are told from each other", async () => {
  world.write(two);
  await world.deploy(["plan", "dev"]);
  world.login(PLANNER);
  expect(await world.deploy(["apply", "dev"])).toMatchObject(refused(14, "Insufficient rights to apply"));
  world.login("revoked");
  expect(await world.deploy(["plan", "dev"])).toMatchObject(refused(14, /^refused: .*unauthorized/));
  world.login(undefined);
  for (const args of [
    ["plan", "dev"],
    ["outputs", "dev"],
  ])
    expect(await world.deploy(args)).toMatchObject(refused(13, `no token for ${world.server.host}`));
  world.login(WRITER);
  expect(await world.deploy(["apply", "dev"])).toMatchObject(done("dev: applied"));
});

test("a locked workspace is refused before the run is confirmed, which would go on by itself later", async () => {
  world.write(two);
  await world.deploy(["plan", "dev"]);
  workspace.lockedBy = "a person";
  expect(await world.deploy(["apply", "dev"])).toMatchObject(
    refused(15, /^the state is locked by a person or another run.*\nTo unlock: https:/),
  );
  expect(world.server.store.runs.map(({ status }) => status)).toEqual(["planned_and_saved"]);
  world.server.unlock(workspace);
  expect(await world.deploy(["apply", "dev"])).toMatchObject(done("dev: applied"));
});

test("a workspace of another version of Terraform is refused", async () => {
  workspace.terraformVersion = "1.9.8";
  world.write(two);
  expect(await world.deploy(["plan", "dev"])).toMatchObject(
    refused(11, "the workspace in HCP Terraform that made this plan runs Terraform 1.9.8"),
  );
});

test("Ctrl-C stops watching an apply that goes on, and says how to stop it", async () => {
  world.write(data({ slow: { provisioner: [{ "local-exec": { command: "sleep 6" } }] } }));
  await world.deploy(["plan", "dev"]);
  let isInterrupted = false;
  const left = await world.deploy(["apply", "dev"], {
    onOutput: (stdout, interrupt) => {
      if (isInterrupted || !stdout.includes("terraform_data.slow: ")) return;
      isInterrupted = true;
      interrupt();
    },
  });
  expect(left).toMatchObject(
    refused(130, /HCP Terraform goes on with this apply.*cancel or discard the run: https:\S+\/run-\w+/),
  );
  const [run] = world.server.store.runs;
  while (run?.status === "applying") await new Promise((resolve) => setTimeout(resolve, 200));
  expect(run?.status).toBe("applied");
});

test("a workspace that is not there yet is made, in its project", async () => {
  world.server.store.workspaces.length = 0;
  world.write(two);
  expect(await world.deploy(["plan", "dev"])).toMatchObject(done("2 to create"));
  expect(world.server.store.workspaces.map(({ name }) => name)).toEqual([WORKSPACE]);
});
