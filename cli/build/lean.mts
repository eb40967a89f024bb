/**
 * Leaves out of the functions' bundles what a Lambda never uses of its packages: the files that a stub stands for,
 * and what `schemas.mts` takes out of the SDK's schemas. Where a new version of a package has moved one of them, the
 * build fails and names it.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import { root } from "./files.mts";
import { leanSchemas } from "./schemas.mts";
import { stubOf } from "./stubs.mts";

const stubs = join(root, "cli", "build", "stubs");

/** As `pino/lib/transport.js`, wherever the package lies. */
const fileIn = (path: string): string => path.replaceAll("\\", "/").replace(/^.*node_modules\//, "");

const VERSION = /^ *"version": "[^"]+"/m;

export const lean: Plugin = {
  name: "lean",
  setup: (build) => {
    build.onLoad({ filter: /[\\/]node_modules[\\/].*\.js$/ }, ({ path }) => {
      const file = fileIn(path);
      const stub = stubOf.get(file);
      if (stub !== undefined)
        return { contents: readFileSync(join(stubs, stub), "utf8"), loader: "ts", resolveDir: stubs };
      return file.endsWith("/dist-es/schemas/schemas_0.js") ? { contents: leanSchemas(path) } : undefined;
    });
    // The SDK reads its version there, and so the whole file would be bundled.
    build.onLoad({ filter: /[\\/]@aws-sdk[\\/][^\\/]+[\\/]package\.json$/ }, ({ path }) => ({
      contents: `{${VERSION.exec(readFileSync(path, "utf8"))?.[0] ?? ""}}`,
      loader: "json",
    }));
  },
};

const moved = (file: string, stub: string): string => {
  const name = /^(@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? file;
  return existsSync(join(root, "node_modules", file))
    ? `no function loads ${file} any more: take it out of cli/build/stubs.mts, or let its stub ${stub} stand for what is loaded instead`
    : `${name} has no ${file.slice(name.length + 1)} any more: let its stub ${stub} stand for what has taken its place, in cli/build/stubs.mts`;
};

/**
 * What a new version of a package has made of this, for whoever installs it.
 * @param inputs every file that was bundled
 */
export const leanFaults = (inputs: ReadonlyArray<string>): ReadonlyArray<string> => {
  const loaded = new Set(inputs.map(fileIn));
  const twice = inputs.filter((input) => input.lastIndexOf("node_modules/") > 0);
  return [
    ...[...stubOf].filter(([file]) => !loaded.has(file)).map(([file, stub]) => moved(file, stub)),
    ...twice.map((input) => `${input}: a second copy of its package: align the versions in package.json`),
  ];
};
