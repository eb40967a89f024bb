/** `node bundle.mts ENTRY FOLDER`: bundles a program as the functions are, `lean.js`, and with all of the SDK, `full.js`. */
import { build } from "esbuild";
import { common } from "../../../../cli/build/files.mts";
import { functionsBuild } from "../../../../cli/build/functions.mts";

const [entry = "", outdir = ""] = process.argv.slice(2);
await Promise.all([
  build({ ...common, outdir, write: true, entryPoints: { full: entry } }),
  build({ ...functionsBuild, outdir, write: true, entryPoints: { lean: entry } }),
]);
