/** `npm run fixture`: saves today's staging stack as what the next upgrades start from. Part of every release. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { saveFixture } from "./upgrade.mts";
import { environmentsFor, synthesize } from "./workspace.mts";

const folder = mkdtempSync(join(tmpdir(), "orders-fixture-"));
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
await synthesize(
  environmentsFor(join(folder, "environments"), "http://127.0.0.1:1"),
  join(folder, "out"),
  process.env,
);
console.log(`saved ${saveFixture(`v${version}`, join(folder, "out"))}`);
rmSync(folder, { recursive: true });
