import { applied, looksAsConfigured, onlyAdds } from "./checks.mts";
import { run } from "./processes.mts";
import { expect, tail } from "./report.mts";
import { recordOf } from "./wire.mts";
import { type Json, READ_BEFORE } from "./workspace.mts";
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

/** What a change is to change: how many resources at least, and where. */
type Expected = readonly [what: string, atLeast: number, where: RegExp, change: Change];

/**
 * Applied one on top of the other; those of one line together, since they change resources of different kinds. The
 * plan of the second reads all that the first changed, and so shows whether that left something to change.
 */
const CHANGES: ReadonlyArray<ReadonlyArray<Expected>> = [
  [["its owner", 30, /./, (dev) => within(dev, "tags", { owner: "another-desk" })]],
  [
    [
      "a function's memory",
      1,
      /^aws_lambda_function\.submit_orders$/,
      (dev) => withinOne(dev, "functions", "submit-orders", { memory_mb: 512 }),
    ],
    [
      "a schedule",
      1,
      /^aws_scheduler_schedule\.sweep_schedule$/,
      (dev) => withinOne(dev, "schedules", "sweep", { expression: "rate(10 minutes)" }),
    ],
    [
      "how long it keeps logs",
      8,
      /^aws_cloudwatch_log_group\./,
      (dev) => within(dev, "retention", { logs_days: 60 }),
    ],
  ],
];

const changed = async (world: World): Promise<void> => {
  const stack = world.workspace("dev");
  let all: Change = (dev) => dev;
  for (const together of CHANGES) {
    const before = all;
    all = (dev) => together.reduce((file, [, , , change]) => change(file), before(dev));
    const what = together.map(([named]) => named).join(", ");
    await world.judged("dev", `changes ${what} and nothing else`, async () => {
      await world.synthesizeChanged("dev", what, all);
      const output = await stack.apply(...(together === CHANGES[0] ? [READ_BEFORE] : []));
      expect(/ 0 added, \d+ changed, 0 destroyed/.test(output), tail(output));
      const addresses = [...output.matchAll(/^(\S+): Modifications complete/gm)].map(
        ([, address = ""]) => address,
      );
      for (const [named, atLeast, where] of together)
        expect(
          addresses.filter((address) => where.test(address)).length >= atLeast,
          `${named}: ${tail(output)}`,
        );
      const besides = addresses.filter((address) => !together.some(([, , where]) => where.test(address)));
      expect(besides.length === 0, `changed besides: ${besides.join(", ")}`);
    });
  }
  await world.judged("dev", "nothing to change after its changes", () => stack.planIsEmpty());
};

export const dev = async (world: World): Promise<void> => {
  await world.judged("dev", "cdktf plan dev", async () => {
    onlyAdds(await cdktf(world, "plan"));
  });
  await applied(world, "dev", async () => {
    await cdktf(world, "apply", "--auto-approve");
  });
  await looksAsConfigured(world, "dev");
  await changed(world);
};
