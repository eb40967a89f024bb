import { join, resolve } from "node:path";
import { build } from "esbuild";
import type * as github from "./github";
import { temporaryFolder } from "../support/temporary-folder";

export type GitHub = typeof github;

/** GitHub's own parser and expressions: ES modules, bundled because jest loads none. */
export const loadGitHub = async (): Promise<GitHub> => {
  const folder = temporaryFolder("workflows");
  const outfile = join(folder, "github.cjs");
  await build({
    entryPoints: [resolve("test/workflows/github.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile,
  });
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- bundled only now
  const loaded = require(outfile) as GitHub;
  return loaded;
};
