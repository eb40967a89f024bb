/** What deploying does whatever the backend is, on a state kept on disk. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PlanReport } from "../../cli/deploy/plan";
import { makeWorld, type World } from "./support/world";

let world: World;
beforeEach(() => {
  world = makeWorld({ backend: { type: "local" } });
});
afterEach(() => world.end());

const data = (named: Readonly<Record<string, unknown>>) => ({ resource: { terraform_data: named } });
const done = (said: string) => ({ code: 0, stdout: expect.stringContaining(said) });
const refused = (code: number, said: string | RegExp) => ({ code, stderr: expect.stringMatching(said) });

test("is planned, reviewed and applied, and then there is nothing to do", async () => {
  world.write(data({ first: { input: "a" } }));
  expect(await world.deploy(["status"])).toMatchObject(done("nothing was applied yet"));
  expect(await world.deploy(["plan", "dev", "--json", "plan.json", "--markdown", "plan.md"])).toMatchObject(
    done("1 to create"),
  );
  expect(PlanReport.is(JSON.parse(world.read("plan.json")))).toBe(true);
  expect(world.read("plan.md")).toContain("### Plan of dev: 1 to create");
  expect(await world.deploy(["apply", "dev"])).toMatchObject(done("dev: applied"));
  expect(await world.deploy(["plan", "dev", "--detailed-exitcode"])).toMatchObject(done("nothing to change"));
  expect(await world.deploy(["apply", "dev"])).toMatchObject({ code: 0 });
  expect(await world.deploy(["plan", "dev", "--destroy"])).toMatchObject(done("1 to delete"));
});

test("a sensitive value stands in no review, whole or in part", async () => {
  const secret = "hunter2-hunter2";
  const stack = (value: string) => ({
    variable: { secret: { type: "string", sensitive: true, default: value } },
    ...data({ first: { input: { plain: "seen", hidden: "${var.secret}" } } }),
    output: { said: { value: "${var.secret}", sensitive: true } },
  });
  world.write(stack("before"));
  await world.deploy(["plan", "dev"]);
  await world.deploy(["apply", "dev"]);
  world.write(stack(secret));
  const planned = await world.deploy(["plan", "dev", "--json", "plan.json", "--markdown", "plan.md"]);
  expect(planned.stdout).toContain("(sensitive) → (sensitive)");
  for (const text of [planned.stdout, world.read("plan.json"), world.read("plan.md")])
    expect(text).not.toContain(secret);
  await world.deploy(["apply", "dev"]);
  expect(JSON.parse((await world.deploy(["outputs", "dev"])).stdout)).toEqual({ said: "(sensitive)" });
});

test("a stale plan and a locked state are refused, the lock with who holds it", async () => {
  world.write(data({ first: { input: "a" } }));
  await world.deploy(["plan", "dev", "--out", "stale.tfplan"]);
  await world.deploy(["plan", "dev"]);
  await world.deploy(["apply", "dev"]);
  expect(await world.deploy(["apply", "dev", "--plan", "stale.tfplan"])).toMatchObject(
    refused(16, /^this plan is stale: Saved plan is stale.*\nPlan again/),
  );
  world.write(data({ slow: { provisioner: [{ "local-exec": { command: "sleep 8" } }] } }));
  await world.deploy(["plan", "dev"]);
  let second: ReturnType<World["deploy"]> | undefined;
  await world.deploy(["apply", "dev"], {
    onOutput: (stdout) => {
      if (stdout.includes("slow: Creating...")) second ??= world.deploy(["plan", "dev", "--out", "x.tfplan"]);
    },
  });
  expect(await second).toMatchObject(
    refused(15, /^the state is locked by \S+@\S+\..*\nIf what locked it is dead.*force-unlock [0-9a-f-]{36}/),
  );
});

test("Ctrl-C lets Terraform finish what it has begun and save its state", async () => {
  world.write(
    data({
      slow: { provisioner: [{ "local-exec": { command: "sleep 4" } }] },
      later: { depends_on: ["terraform_data.slow"] },
    }),
  );
  await world.deploy(["plan", "dev"]);
  let isInterrupted = false;
  const left = await world.deploy(["apply", "dev"], {
    onOutput: (stdout, interrupt) => {
      if (isInterrupted || !stdout.includes("slow: Creating...")) return;
      isInterrupted = true;
      interrupt();
    },
  });
  expect(left).toMatchObject(refused(130, /^interrupted\. Terraform finished what it had begun and saved/));
  expect(left.stdout).toContain("Ctrl-C again drops it");
  expect(await world.deploy(["plan", "dev"])).toMatchObject(done("create   terraform_data.later"));
});

test("no terraform, an older one, no stack, no plan: a line each", async () => {
  expect(await world.deploy(["plan", "dev"])).toMatchObject(
    refused(12, "npm run synth -- --environment dev"),
  );
  world.write(data({}));
  expect(await world.deploy(["plan", "dev"], { env: { PATH: world.folder } })).toMatchObject(
    refused(10, /^terraform: not found\. Install Terraform 1\.11/),
  );
  const bin = join(world.folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "terraform"), '#!/bin/sh\necho \'{"terraform_version":"1.5.7"}\'\n');
  chmodSync(join(bin, "terraform"), 0o755);
  expect(
    await world.deploy(["plan", "dev"], { env: { PATH: `${bin}:${process.env["PATH"] ?? ""}` } }),
  ).toMatchObject(refused(11, /^this machine runs Terraform 1\.5\.7; this project is tested with 1\.11/));
  expect(await world.deploy(["apply", "dev"])).toMatchObject(refused(2, "npm run deploy -- plan dev"));
  expect(await world.deploy(["plan", "moon"])).toMatchObject(refused(2, "there is no environment moon"));
  expect(await world.deploy(["plan", "dev", "--hotfix", " "])).toMatchObject(refused(2, "who decided it"));
});
