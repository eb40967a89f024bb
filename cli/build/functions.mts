/** The functions, each bundled into `dist/functions/<name>.zip`, with its code and source map beside it. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { BuildOptions, BuildResult } from "esbuild";
import { common, forgetCompiled, isSame, outdir, replace, root } from "./files.mts";
import { lean, leanFaults } from "./lean.mts";

const functionNames = readdirSync(join(root, "functions"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(root, "functions", entry.name, "handler.ts")))
  .map((entry) => entry.name)
  .sort();

/** The earliest time a zip can hold, given in local time because that is how a zip stores it. */
const epoch = new Date(1980, 0, 1);

const zip = async (code: Uint8Array): Promise<Uint8Array> =>
  (await import("fflate")).zipSync({
    "index.js": [code, { mtime: epoch, level: 9, os: 3, attrs: 0o644 << 16 }],
  });

const functionsDir = join(outdir, "functions");
const keyFile = join(functionsDir, "built-from.txt");

/** What the functions' bundles depend on: their sources, the packages they use, and how they are built. */
export const sourcesKey = (): string => {
  const hash = createHash("sha256").update(process.version);
  const sources = ["functions", "lib", "cli/build"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.[cm]?ts$/.test(file))
      .sort()
      .map((file) => join(folder, file)),
  );
  for (const file of [...sources, "package-lock.json"])
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

export const functionsBuild = {
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
  minifyIdentifiers: true,
  // Beside the code and not in the zip: the local platform shows exceptions by it.
  sourcemap: "external",
  sourcesContent: false,
  plugins: [lean],
} satisfies BuildOptions;

/** Told of each zip and its size in bytes. */
type OnArchive = (name: string, bytes: number) => void;

/** Writes what a bundling gave. Returns the functions whose code is another than before. */
export const writeFunctions = async (
  { outputFiles = [], metafile }: BuildResult<typeof functionsBuild>,
  sources: string,
  archived: "all" | "changed",
  onArchive: OnArchive = () => undefined,
): Promise<ReadonlyArray<string>> => {
  const inputs = Object.keys(metafile.inputs);
  const faults = leanFaults(inputs);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  const changed: string[] = [];
  for (const { path, contents } of outputFiles) {
    if (!path.endsWith(".map") && !isSame(path, contents)) changed.push(basename(dirname(path)));
    replace(path, contents);
  }
  // Last: who sees a new archive finds its code and map in place.
  for (const name of archived === "all" ? functionNames : changed) {
    const file = join(functionsDir, `${name}.zip`);
    const archive = await zip(readFileSync(join(functionsDir, name, "index.js")));
    if (!isSame(file, archive)) replace(file, archive);
    onArchive(name, archive.length);
  }
  const packages = packagesIn(inputs).toSorted();
  replace(join(functionsDir, "packages.json"), Buffer.from(JSON.stringify(packages, undefined, 2)));
  replace(keyFile, Buffer.from(`${sources} ${zipsKey()}`));
  return changed;
};

/** @param onChange told before anything is bundled, if anything is */
export const buildFunctions = async (
  onArchive: OnArchive = () => undefined,
  onChange: () => void = () => undefined,
): Promise<void> => {
  const sources = sourcesKey();
  if (areBuiltFrom(sources)) return;
  onChange();
  forgetCompiled();
  const { build } = await import("esbuild");
  await writeFunctions(await build(functionsBuild), sources, "all", onArchive);
};
