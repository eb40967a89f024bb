/** `npm run fixture`: saves today's staging stack as what the next upgrades start from. Part of every release. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sourceCommand } from "../../cli/source-command.mts";
import { saveFixture } from "./upgrade.mts";
import { environmentsFor, synthesize } from "./workspace.mts";

const { overwrite } = sourceCommand(
  "fixture",
  "save staging's stack of this version, from which the next ones are upgraded",
)
  .option("--overwrite", "replace what was saved for this version", false)
  .parse()
  .opts();

const folder = mkdtempSync(join(tmpdir(), "orders-fixture-"));
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
await synthesize(environmentsFor(join(folder, "environments")), join(folder, "out"), process.env);
const saved = saveFixture(`v${version}`, join(folder, "out"), overwrite);
rmSync(folder, { recursive: true });
if (saved === undefined) {
  console.error(
    `fixture: v${version} is saved already; set the next version in package.json, or add --overwrite`,
  );
  process.exit(1);
}
console.log(`saved ${saved}`);
