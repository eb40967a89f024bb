/**
 * `npm run cdktf -- plan dev`: the real cdktf CLI, pinned. It is over 400 MB installed, so it has a lock file
 * and a folder of its own and is installed when it is first used. None of its packages needs an install
 * script here: the one that would compile something is only for terminals.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const folder = import.meta.dirname;
const program = join(folder, "node_modules", ".bin", "cdktf");

const run = (command: string, args: ReadonlyArray<string>, cwd: string): number => {
  const { status, error } = spawnSync(command, args, { cwd, stdio: "inherit" });
  if (error !== undefined) console.error(`cdktf: ${command} could not be run: ${error.message}`);
  return status ?? 1;
};

const asksForHelp = process.argv.slice(2).some((arg) => arg === "--help" || arg === "-h");
if (!existsSync(program) && asksForHelp) {
  console.log(
    "Usage: npm run cdktf -- <command> [options]\n\nThe pinned cdktf CLI; its first use installs it, and its help is there from then on.",
  );
  process.exit(0);
}
if (!existsSync(program)) {
  console.error("installing the pinned cdktf CLI; this happens once and takes about half a minute …");
  const status = run(
    "npm",
    ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
    folder,
  );
  if (status !== 0) {
    console.error(
      `cdktf: the CLI could not be installed (see above); try again with: npm ci --prefix ${folder}`,
    );
    process.exit(status);
  }
}
process.env["CHECKPOINT_DISABLE"] ??= "1";
process.exit(run(program, process.argv.slice(2), process.cwd()));
