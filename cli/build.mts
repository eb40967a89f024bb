/**
 * `node cli/build.mts [--quiet] [PROGRAM …]` bundles what runs: each function (`functions/<name>/handler.ts`)
 * into `dist/functions/<name>.zip`, and each program (the cdktf app, the local platform, the commands) into
 * `dist/<program>.js`; with programs named, only those.
 *
 * The same sources give the same bytes, whenever and wherever they are built: fixed times, sorted names,
 * no absolute path in the output. Files are replaced whole, so that one command can be built while another,
 * built before, is running.
 */
import { parseArgs } from "node:util";
import { orFailed } from "./build/files.mts";
import { buildFunctions } from "./build/functions.mts";
import { buildPage } from "./build/page.mts";
import { buildPrograms, PROGRAMS } from "./build/programs.mts";
import { watchSources } from "./build/watch.mts";

const USAGE = `Usage: npm run build -- [--quiet] [--watch] [PROGRAM …]

Bundles the functions and the commands into dist/; with programs named, only those.
--watch goes on with it at each change of the functions or the stack.`;

/** Not by lib/command.ts: this runs before anything is built, and in front of every command. */
const typed = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        quiet: { type: "boolean", default: false },
        watch: { type: "boolean", default: false },
        help: { type: "boolean", short: "h" },
      },
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

const unknown = named.filter((name) => !Object.hasOwn(PROGRAMS, name));
if (unknown.length > 0) {
  console.error(
    `build: there is no program ${unknown.join(", ")}; there are ${Object.keys(PROGRAMS).join(", ")}`,
  );
  process.exit(2);
}
const tellArchive = (name: string, bytes: number): void => {
  if (!options.quiet) console.log(`${name.padEnd(20)} ${(bytes / 1024).toFixed(0).padStart(5)} kB zipped`);
};

const started = performance.now();
await orFailed(
  options.watch
    ? watchSources()
    : Promise.all([
        ...(named.length === 0 ? [buildFunctions(tellArchive, () => undefined)] : []),
        buildPrograms(named),
        ...(named.length === 0 ? [buildPage()] : []),
      ]),
);
if (!options.quiet && !options.watch) console.log(`built in ${(performance.now() - started).toFixed(0)} ms`);
