import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deployedChecks } from "./deployed.mts";
import { expect, plain, step } from "./report.mts";
import { noSecretIn, plantSecrets } from "./secrets.mts";
import type { Workspace } from "./workspace.mts";
import type { World } from "./world.mts";

/** What holds of every environment. */

export const onlyAdds = (output: string): void =>
  expect(/Plan: \d+ to add, 0 to change, 0 to destroy/.test(plain(output)), output.slice(-500));

export const planned = (world: World, name: string): Promise<void> =>
  world.judged(name, "init, plan", async () => {
    const stack = world.workspace(name);
    await stack.init();
    onlyAdds(await stack.plan());
  });

export const looksAsConfigured = async (world: World, name: string): Promise<void> => {
  const outputs = await step(`${name}: outputs`, async () => {
    const workspace = world.workspace(name);
    const found = await workspace.outputs();
    const { output } = JSON.parse(readFileSync(join(workspace.folder, "cdk.tf.json"), "utf8")) as {
      output: object;
    };
    expect(
      JSON.stringify(Object.keys(found).sort()) === JSON.stringify(Object.keys(output).sort()) &&
        Object.values(found).every((value) => value !== ""),
      JSON.stringify(found),
    );
    return found;
  });
  if (outputs === undefined) return;
  for (const { name: what, look } of deployedChecks(name, world.endpoint, outputs))
    await step(`${name}: ${what}`, look);
};

export const applied = async (world: World, name: string, apply: () => Promise<void>): Promise<void> => {
  await world.judged(name, "apply", async () => {
    await plantSecrets(name, world.endpoint);
    await apply();
  });
  await world.judged(name, "nothing to change after apply", () => world.workspace(name).planIsEmpty());
  await step(`${name}: no secret in the state`, () => noSecretIn(world.workspace(name)));
};

const nothingLeft = async (stack: Workspace): Promise<void> => {
  const left = await stack.state();
  expect(left.length === 0, `left in the state: ${left.join(", ")}`);
};

export const destroyed = async (stack: Workspace): Promise<void> => {
  await stack.destroy();
  await nothingLeft(stack);
};
