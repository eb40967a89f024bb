/**
 * Bundles everything that runs: each function (`functions/<name>/handler.ts`) into `dist/functions/<name>.zip`,
 * and each program (the cdktf app, the local platform, the commands) into `dist/<program>.js`.
 *
 * The same sources give the same bytes, whenever and wherever they are built: fixed times, sorted names,
 * no absolute path in the output.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type BuildOptions } from "esbuild";
import { zipSync } from "fflate";

const root = join(import.meta.dirname, "..");
const outdir = join(root, "dist");
const quiet = process.argv.includes("--quiet");

const functionNames = readdirSync(join(root, "functions"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(root, "functions", entry.name, "handler.ts")))
  .map((entry) => entry.name)
  .sort();

/** Programs by name; one that does not exist yet is left out. */
const programs = Object.entries({
  main: "main.ts",
  local: "local/main.ts",
  synth: "cli/synth.ts",
  submit: "cli/submit.ts",
}).filter(([, entry]) => existsSync(join(root, entry)));

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node22",
  format: "cjs",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
};

const buildFunctions = () =>
  build({
    ...common,
    entryPoints: Object.fromEntries(
      functionNames.map((name) => [`functions/${name}/index`, `functions/${name}/handler.ts`]),
    ),
    outdir,
    // The SDK's own ES modules tree-shake; its CommonJS ones, esbuild's default for node, do not.
    mainFields: ["module", "main"],
    minifySyntax: true,
    minifyWhitespace: true,
  });

const buildPrograms = () =>
  build({
    ...common,
    entryPoints: Object.fromEntries(programs),
    outdir,
    packages: "external",
  });

/** The earliest time a zip can hold, given in local time because that is how a zip stores it. */
const epoch = new Date(1980, 0, 1);

const zip = (name: string): number => {
  const code = readFileSync(join(outdir, "functions", name, "index.js"));
  const archive = zipSync({ "index.js": [code, { mtime: epoch, level: 9, os: 3, attrs: 0o644 << 16 }] });
  writeFileSync(join(outdir, "functions", `${name}.zip`), archive);
  return archive.length;
};

const started = performance.now();
rmSync(outdir, { recursive: true, force: true });
mkdirSync(join(outdir, "functions"), { recursive: true });
await Promise.all([buildFunctions(), buildPrograms()]);
for (const name of functionNames) {
  const bytes = zip(name);
  if (!quiet) console.log(`${name.padEnd(20)} ${(bytes / 1024).toFixed(0).padStart(5)} kB zipped`);
}
if (!quiet) console.log(`built in ${(performance.now() - started).toFixed(0)} ms`);
