/** The parts of the local platform, each bundled with its packages: loading these file by file takes most of a start. */
import { join } from "node:path";
import { readFileSync } from "node:fs";
import type { BuildOptions, Plugin } from "esbuild";
import { common, outdir, root } from "./files.mts";

/** Each part by the name of its bundle (local/main.ts), and the program of a function's thread. */
export const PARTS = {
  platform: "local/cli.ts",
  "dynamodb-thread": "local/services/dynamodb/thread.ts",
  "fauxqs-thread": "local/services/fauxqs/thread.ts",
  "function-thread": "local/function.ts",
};

/** dynalite loads its actions by names without an ending, which a bundle knows by their files. */
const BY_NAME = /require\('(\.\/(?:actions|validations)\/)' \+ action\)/g;

const packages: Plugin = {
  name: "packages",
  setup: (build) => {
    build.onLoad({ filter: /\/dynalite\/index\.js$/ }, ({ path }) => {
      const code = readFileSync(path, "utf8");
      const contents = code.replaceAll(BY_NAME, "require('$1' + action + '.js')");
      return contents === code
        ? { errors: [{ text: "dynalite loads its actions otherwise now: see cli/build/platform.mts" }] }
        : { contents };
    });
    // What is compiled for this machine stays where it was installed.
    build.onResolve({ filter: /^\.\/binding$/ }, ({ importer }) =>
      importer.includes("/classic-level/") ? { path: "classic-level/binding.js", external: true } : undefined,
    );
  },
};

const neverCalled = join(root, "cli", "build", "stubs", "never-called.cts");

export const platformBuild: BuildOptions = {
  ...common,
  outdir,
  mainFields: ["module", "main"],
  // What was kept of a bundle cannot import.
  supported: { "dynamic-import": false },
  alias: {
    level: join(root, "local", "services", "dynamodb", "store", "level-export.ts"),
    // A state machine's tasks are called by the platform.
    "@aws-sdk/client-lambda": neverCalled,
    "@aws-sdk/credential-providers": neverCalled,
  },
  plugins: [packages],
};
