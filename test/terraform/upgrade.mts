import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { leaveOutEndpoints } from "../../cli/emulate/endpoints.mts";
import { planned } from "./checks.mts";
import { expect, Failure, step } from "./report.mts";
import { Workspace } from "./workspace.mts";
import type { World } from "./world.mts";

/**
 * An upgrade keeps data: the stack as an earlier release declared it is applied, then today's on top. What
 * `release.mts` saved of that release stands in `fixtures/`.
 */

/** What holds something that replacing it would lose. */
const STATEFUL = new Set([
  "aws_cloudwatch_log_group",
  "aws_dynamodb_table",
  "aws_kms_key",
  "aws_s3_bucket",
  "aws_sns_topic",
  "aws_sqs_queue",
]);

const FIXTURES = join("test", "terraform", "fixtures");

const newestFixture = (): string => {
  const [newest] = readdirSync(FIXTURES).sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  if (newest === undefined) throw new Failure(`${FIXTURES} holds no release; save one: npm run fixture`);
  return join(FIXTURES, newest);
};

/** A saved stack without its bundles, which upgrades do not need: each gets a placeholder. */
const restore = (fixture: string, folder: string): void => {
  mkdirSync(folder, { recursive: true });
  cpSync(join(fixture, "cdk.tf.json"), join(folder, "cdk.tf.json"));
  const text = readFileSync(join(fixture, "cdk.tf.json"), "utf8");
  for (const [, path = ""] of text.matchAll(/"filename": "(assets\/[^"]+)"/g)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), "PK\u0005\u0006".padEnd(22, "\u0000"));
  }
  leaveOutEndpoints(folder);
};

/** What the environment's file says may go, decided by somebody. */
const removalsOf = (name: string): ReadonlyArray<string> => {
  const environment = JSON.parse(readFileSync(join("environments", `${name}.json`), "utf8")) as {
    removals?: Record<string, string>;
  };
  return Object.keys(environment.removals ?? {});
};

/**
 * The earlier release has no boundary on its roles and no administrators of its keys, which the apply role needs
 * of both to change them: the account's administrator applies it and the upgrade.
 */
export const upgradeKeepsData = async (world: World): Promise<void> => {
  await planned(world, "staging");
  const workspace = new Workspace(world.stackOf("staging"), world);
  // At the same depth as today's stack, so that both find the same state file.
  const earlier = new Workspace(join(world.folder, "earlier", "stacks", "staging"), world);
  const restored = await step("staging: apply the stack of an earlier release", async () => {
    restore(newestFixture(), earlier.folder);
    await earlier.init();
    await earlier.apply();
    await earlier.close();
    return true;
  });
  if (restored !== true) return;
  const kept = await step("staging: the upgrade replaces nothing that keeps data", async () => {
    const decided = removalsOf("staging");
    const lost = (await workspace.changes()).filter(
      ({ address, type, actions }) =>
        STATEFUL.has(type) && actions.includes("delete") && !decided.includes(address),
    );
    expect(
      lost.length === 0,
      `these would be replaced or removed, with what they hold: ${lost.map(({ address }) => address).join(", ")}`,
    );
    return true;
  });
  if (kept !== true) return;
  await world.judged("staging", "upgraded, nothing to change after apply", async () => {
    await workspace.applyPlanned();
    await world.workspace("staging").planIsEmpty();
  });
};

/** Saves staging, as it is synthesized now, as the fixture of a release; undefined where there is one. */
export const saveFixture = (release: string, synthesized: string, overwrite: boolean): string | undefined => {
  const target = join(FIXTURES, release);
  if (existsSync(target) && !overwrite) return undefined;
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  cpSync(join(synthesized, "stacks", "staging", "cdk.tf.json"), join(target, "cdk.tf.json"));
  return target;
};
