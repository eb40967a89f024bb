/**
 * `npm run test:terraform`: the stacks that `main.ts` makes, given to the real Terraform with the real AWS
 * provider, applied to an API that speaks AWS's language under the roles of the account's stack, and looked at
 * through the AWS SDK.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command, Ended, failure, main, run } from "../../lib/command";
import { bootstrapped } from "./account.mts";
import { destroyed, planned } from "./checks.mts";
import { dev } from "./dev.mts";
import { endAll } from "./processes.mts";
import { prod } from "./prod.mts";
import { Failure, finish, note, step } from "./report.mts";
import { findTools } from "./tools.mts";
import { upgradeKeepsData } from "./upgrade.mts";
import { World } from "./world.mts";

/** What can be run alone; all are run otherwise. */
const STORIES = {
  dev,
  prod,
  staging: upgradeKeepsData,
};
const isStory = (name: string): name is keyof typeof STORIES => Object.hasOwn(STORIES, name);

const told = async (world: World, chosen: ReadonlyArray<keyof typeof STORIES>): Promise<void> => {
  const others = chosen.length < Object.keys(STORIES).length ? [] : ["local"];
  await step("synthesize every environment for the emulator", () => world.synthesizeAll());
  // Side by side in one account: whatever two environments shared would be refused as existing already. And
  // most of an apply is the provider waiting, for what another has the processors.
  await Promise.all([
    ...chosen.map((name) => STORIES[name](world)),
    bootstrapped(world, world.endpoint),
    ...others.map((name) => planned(world, name).then(() => world.workspace(name).close())),
  ]);
  await Promise.all(
    chosen
      .filter((name) => name !== "prod")
      .map((name) => world.judged(name, "destroyed, leaves nothing", () => destroyed(world.workspace(name)))),
  );
};

const suite = async (chosen: ReadonlyArray<keyof typeof STORIES>): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), "orders-terraform-"));
  process.on("exit", () => {
    endAll();
    rmSync(folder, { recursive: true, force: true });
  });
  note("looking for Terraform, its AWS provider and the AWS emulator");
  mkdirSync(join(folder, "tools"));
  const tools = await findTools(join(folder, "tools"));
  if ("missing" in tools) {
    const missing = tools.missing.map((line) => `  ${line}`).join("\n");
    throw new Ended(failure(1, `The Terraform suite needs what is not here:\n${missing}`));
  }
  const world = await World.start(folder, tools);
  try {
    await told(world, chosen);
  } catch (error) {
    await step("the suite itself", () => Promise.reject(new Failure(String(error))));
  } finally {
    await world.stop();
  }
  return finish();
};

void main(
  command("test:terraform")
    .description(
      "plan, apply, change, upgrade and destroy every environment with the real Terraform, on an AWS emulator",
    )
    .option("--only <environment>", `one of ${Object.keys(STORIES).join(", ")}`)
    .action(({ only }) =>
      run(1, () => {
        if (only !== undefined && !isStory(only))
          throw new Ended(
            failure(2, `--only: expected one of ${Object.keys(STORIES).join(", ")}, not ${only}`),
          );
        return suite(only === undefined ? ["dev", "staging", "prod"] : [only]);
      }),
    ),
);
