/**
 * `node cli/build.mts [--quiet] [PROGRAM …]` bundles what runs: each function (`functions/<name>/handler.ts`)
 * into `dist/functions/<name>.zip`, and each program (the cdktf app, the local platform, the commands) into
 * `dist/<program>.js`; with programs named, only those.
 *
 * The same sources give the same bytes, whenever and wherever they are built: fixed times, sorted names,
 * no absolute path in the output. Files are replaced whole, so that one command can be built while another,
 * built before, is running.
 */
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import type { BuildOptions } from "esbuild";

const root = join(import.meta.dirname, "..");
const outdir = join(root, "dist");
const USAGE = `Usage: npm run build -- [--quiet] [PROGRAM …]

Bundles the functions and the commands into dist/; with programs named, only those.`;

/** Not by lib/command.ts: this runs before anything is built, and in front of every command. */
const typed = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { quiet: { type: "boolean", default: false }, help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    console.error(
      `build: ${(error instanceof Error ? error.message : String(error)).split(". ")[0] ?? ""}; see npm run build -- --help`,
    );
    process.exit(2);
  }
};
const { values: options, positionals: named } = typed();
if (options.help === true) {
  console.log(USAGE);
  process.exit(0);
}

const isStart = process.env["npm_lifecycle_event"] === "start";

const functionNames = readdirSync(join(root, "functions"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(root, "functions", entry.name, "handler.ts")))
  .map((entry) => entry.name)
  .sort();

const PROGRAMS = {
  main: "main.ts",
  local: "local/main.ts",
  synth: "cli/synth.ts",
  submit: "cli/submit.ts",
  redrive: "cli/redrive.ts",
  soak: "cli/soak.ts",
  release: "cli/release.ts",
  audit: "cli/audit.ts",
  security: "test/security/write.ts",
  deploy: "cli/deploy.ts",
  smoke: "cli/smoke.ts",
  github: "cli/github.ts",
  account: "cli/account.ts",
  preflight: "cli/preflight.ts",
  preview: "cli/preview.ts",
};
const unknown = named.filter((name) => !Object.hasOwn(PROGRAMS, name));
if (unknown.length > 0) {
  console.error(
    `build: there is no program ${unknown.join(", ")}; there are ${Object.keys(PROGRAMS).join(", ")}`,
  );
  process.exit(2);
}
const programs = Object.entries(PROGRAMS).filter(([name]) => named.length === 0 || named.includes(name));

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node22",
  format: "cjs",
  charset: "utf8",
  legalComments: "none",
  // A package is named by where it is imported from, not by where it lies: linked or installed, the same bytes.
  preserveSymlinks: true,
  logLevel: "warning",
  write: false,
};

const replace = (path: string, content: Uint8Array): void => {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, path);
};

/** The earliest time a zip can hold, given in local time because that is how a zip stores it. */
const epoch = new Date(1980, 0, 1);

const zip = async (code: Uint8Array): Promise<Uint8Array> =>
  (await import("fflate")).zipSync({
    "index.js": [code, { mtime: epoch, level: 9, os: 3, attrs: 0o644 << 16 }],
  });

const functionsDir = join(outdir, "functions");
const keyFile = join(functionsDir, "built-from.txt");

/** What the functions' bundles depend on: their sources, the packages they use, and how they are built. */
const sourcesKey = (): string => {
  const hash = createHash("sha256").update(process.version);
  const sources = ["functions", "lib"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .sort()
      .map((file) => join(folder, file)),
  );
  for (const file of [...sources, "package-lock.json", "cli/build.mts"])
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)))
      .update("\0");
  return hash.digest("hex");
};

/** What was built: a zip that was changed since is not what the sources give. */
const zipsKey = (): string => {
  const hash = createHash("sha256");
  for (const name of functionNames) {
    const file = join(functionsDir, `${name}.zip`);
    hash.update(`${name}\0`).update(existsSync(file) ? readFileSync(file) : "");
  }
  return hash.digest("hex");
};

/** Bundling takes longer than anything else at a start: what has not changed is not bundled again. */
const areBuiltFrom = (sources: string): boolean =>
  existsSync(keyFile) && readFileSync(keyFile, "utf8") === `${sources} ${zipsKey()}`;

/** The packages whose code is in the bundles, as esbuild reports them: what is audited and licensed. */
const packagesIn = (inputs: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...new Set(inputs.flatMap((input) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? [])),
];

const buildFunctions = async (): Promise<void> => {
  const sources = sourcesKey();
  if (areBuiltFrom(sources)) return;
  if (isStart) console.log("building the functions …");
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    ...common,
    metafile: true,
    entryPoints: Object.fromEntries(
      functionNames.map((name) => [`functions/${name}/index`, `functions/${name}/handler.ts`]),
    ),
    outdir,
    // The SDK's own ES modules tree-shake; its CommonJS ones, esbuild's default for node, do not.
    mainFields: ["module", "main"],
    minifySyntax: true,
    minifyWhitespace: true,
    // Beside the code and not in the zip: the local platform shows exceptions by it.
    sourcemap: "external",
    sourcesContent: false,
  });
  for (const { path, contents } of outputFiles ?? []) {
    if (path.endsWith(".map")) {
      replace(path, contents);
      continue;
    }
    const archive = await zip(contents);
    const name = basename(dirname(path));
    replace(path, contents);
    replace(join(functionsDir, `${name}.zip`), archive);
    if (!options.quiet)
      console.log(`${name.padEnd(20)} ${(archive.length / 1024).toFixed(0).padStart(5)} kB zipped`);
  }
  const packages = packagesIn(Object.keys(metafile.inputs)).toSorted();
  replace(join(functionsDir, "packages.json"), Buffer.from(JSON.stringify(packages, undefined, 2)));
  replace(keyFile, Buffer.from(`${sources} ${zipsKey()}`));
};

const stampOf = (file: string): string => {
  const found = statSync(join(root, file), { throwIfNoEntry: false });
  return `${file}\t${found === undefined ? "absent" : `${found.mtimeMs} ${found.size}`}`;
};

/** Every file that a program was built from, and its own, as they were. */
const stampsFile = (name: string): string => join(outdir, `${name}.built`);

const isCurrent = (name: string): boolean =>
  existsSync(stampsFile(name)) &&
  readFileSync(stampsFile(name), "utf8")
    .split("\n")
    .every((stamp) => stampOf(stamp.split("\t")[0] ?? "") === stamp);

const buildPrograms = async (): Promise<void> => {
  const changed = programs.filter(([name]) => !isCurrent(name));
  if (changed.length === 0) return;
  const began = Date.now();
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    ...common,
    metafile: true,
    entryPoints: Object.fromEntries(changed),
    outdir,
    packages: "external",
  });
  for (const { path, contents } of outputFiles ?? []) replace(path, contents);
  for (const [name] of changed) {
    const output = `dist/${name}.js`;
    const inputs = Object.keys(metafile.outputs[output]?.inputs ?? {});
    const stamps = [...inputs, "package-lock.json", "cli/build.mts"].map((file) =>
      // What was written while it was read may not be what was read.
      statSync(join(root, file)).mtimeMs < began ? stampOf(file) : `${file}\twritten meanwhile`,
    );
    replace(stampsFile(name), Buffer.from([...stamps, stampOf(output)].join("\n")));
  }
};

const started = performance.now();
// `npm start` builds in this process and runs in the next: what both take is told there.
if (isStart)
  replace(join(outdir, "start-began.txt"), Buffer.from(`${process.ppid} ${performance.timeOrigin}`));
try {
  await Promise.all([...(named.length === 0 ? [buildFunctions()] : []), buildPrograms()]);
} catch (error) {
  // esbuild has printed what is wrong, and where.
  console.error(`build: failed${error instanceof Error && "errors" in error ? "" : `: ${String(error)}`}`);
  process.exit(1);
}
if (!options.quiet) console.log(`built in ${(performance.now() - started).toFixed(0)} ms`);
