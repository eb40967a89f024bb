/**
 * `npm run cdktn`: synthesizes every environment with CDK Terrain, the fork of cdktf, in place of cdktf, and
 * demands the same stacks. It is installed from its own lock file when it is first used. Exit status: 0 the
 * stacks are the same; 1 they differ, a line for each place; 2 wrong use, or a synthesis failed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build as bundled } from "esbuild";
import { sourceCommand } from "../source-command.mts";
import { differences } from "./differences.mts";

sourceCommand("cdktn", "compare the stacks with those that CDK Terrain, the fork of cdktf, makes").parse();

const folder = import.meta.dirname;
const root = join(folder, "..", "..");

const run = (command: string, args: ReadonlyArray<string>, cwd: string): void => {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ["ignore", "inherit", "inherit"] });
  if (status === 0) return;
  console.error(
    `cdktn: ${command} ${args[0] ?? ""} failed${error === undefined ? "" : `: ${error.message}`}`,
  );
  process.exit(2);
};

const NAMES = [
  [/^cdktf$/, "cdktn"],
  [/^@cdktf\/provider-aws(?=\/|$)/, "@cdktn/provider-aws"],
] as const;

/** The app, its imports of cdktf turned to the fork's; both share the fork's own `constructs`. */
const bundle = (outfile: string) =>
  bundled({
    absWorkingDir: root,
    entryPoints: ["main.ts"],
    outfile,
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    logLevel: "warning",
    plugins: [
      {
        name: "fork",
        setup: (build) => {
          build.onResolve({ filter: /^[^./]/ }, ({ path }) => {
            const [from, to] = NAMES.find(([name]) => name.test(path)) ?? [];
            if (from !== undefined && to !== undefined)
              return { path: join(folder, "node_modules", path.replace(from, to)), external: true };
            if (path === "constructs") return { path: join(folder, "node_modules", path), external: true };
            return { path, external: true };
          });
        },
      },
    ],
  });

const stacksIn = (outdir: string): ReadonlyMap<string, unknown> =>
  new Map(
    readdirSync(join(outdir, "stacks"))
      .sort()
      .map((name) => {
        const json: unknown = JSON.parse(readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8"));
        return [name, json] as const;
      }),
  );

if (process.argv.length > 2) {
  console.error("cdktn: expected no arguments; it compares every environment");
  process.exit(2);
}
if (!existsSync(join(folder, "node_modules", "cdktn"))) {
  console.error("installing the pinned CDK Terrain; this happens once …");
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder);
}
run(process.execPath, [join(root, "cli", "build.mts"), "--quiet"], root);
const work = mkdtempSync(join(tmpdir(), "cdktn-"));
try {
  // Beside the other programs, so that it finds the packages they have.
  const program = join(root, "dist", "main-cdktn.js");
  await bundle(program);
  const [ours, theirs] = [join(work, "cdktf"), join(work, "cdktn")];
  run(process.execPath, [join(root, "dist", "main.js"), "--outdir", ours], root);
  run(process.execPath, [program, "--outdir", theirs], root);
  const lines = differences(stacksIn(ours), stacksIn(theirs));
  console.log(lines.length === 0 ? "CDK Terrain synthesizes the same stacks" : lines.join("\n"));
  process.exitCode = lines.length === 0 ? 0 : 1;
} finally {
  rmSync(work, { recursive: true });
}
