import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import type * as github from "./github";

export type GitHub = typeof github;

/** GitHub's own parser and expressions: ES modules, bundled because jest loads none. */
export const loadGitHub = async (): Promise<GitHub> => {
  const folder = mkdtempSync(join(tmpdir(), "workflows-"));
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
  rmSync(folder, { recursive: true });
  return loaded;
};
