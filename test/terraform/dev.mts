import { applied, looksAsConfigured } from "./checks.mts";
import { run } from "./processes.mts";
import { expect, plain, tail } from "./report.mts";
import { recordOf } from "./wire.mts";
import type { Json } from "./workspace.mts";
import type { Change, World } from "./world.mts";

/** dev is deployed with the cdktf CLI, and then changed as an engineer changes it. */

/** As an engineer types it. `--skip-provider-lock`: the lock wants the registry's answer for every platform. */
const cdktf = async (world: World, command: "plan" | "apply", ...options: string[]): Promise<string> => {
  const typed = ["run", "--silent", "cdktf", "--", command, "dev", "--skip-provider-lock"];
  const { code, output } = await run("npm", [...typed, "--output", world.outputOf("dev"), ...options], {
    cwd: process.cwd(),
    env: { ...world.asRole("dev", command), CI: "1", ORDERS_ENVIRONMENTS: world.files() },
    seconds: 420,
  });
  expect(code === 0, tail(output));
  return output;
};

const within = (environment: Json, part: string, change: Json): Json => ({
  ...environment,
  [part]: { ...recordOf(environment[part]), ...change },
});

const withinOne = (environment: Json, part: string, name: string, change: Json): Json =>
  within(environment, part, { [name]: { ...recordOf(recordOf(environment[part])[name]), ...change } });

/** Each on top of those before it, with how many resources it changes at least. */
const CHANGES: ReadonlyArray<readonly [what: string, resources: number, change: Change]> = [
  ["its owner", 30, (dev) => within(dev, "tags", { owner: "another-desk" })],
  ["a function's memory", 1, (dev) => withinOne(dev, "functions", "submit-orders", { memory_mb: 512 })],
  ["a schedule", 1, (dev) => withinOne(dev, "schedules", "sweep", { expression: "rate(10 minutes)" })],
  ["how long it keeps logs", 8, (dev) => within(dev, "retention", { logs_days: 60 })],
];

const changed = async (world: World): Promise<void> => {
  const stack = world.workspace("dev");
  let all: Change = (dev) => dev;
  for (const [what, atLeast, change] of CHANGES) {
    const before = all;
    all = (dev) => change(before(dev));
    await world.judged("dev", `changes ${what} and nothing else, and then nothing`, async () => {
      await world.synthesizeChanged("dev", what, all);
      const output = await stack.apply();
      const [, added, resources, gone] = /(\d+) added, (\d+) changed, (\d+) destroyed/.exec(output) ?? [];
      expect(added === "0" && gone === "0" && Number(resources) >= atLeast, tail(output));
      await stack.planIsEmpty();
    });
  }
};

export const dev = async (world: World): Promise<void> => {
  await world.judged("dev", "cdktf plan dev", async () => {
    const output = await cdktf(world, "plan");
    expect(plain(output).includes("to add"), tail(output));
  });
  await applied(world, "dev", async () => {
    await cdktf(world, "apply", "--auto-approve");
  });
  await looksAsConfigured(world, "dev");
  await changed(world);
};
