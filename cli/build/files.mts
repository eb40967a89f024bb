import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BuildOptions } from "esbuild";

export const root = join(import.meta.dirname, "..", "..");
export const outdir = join(root, "dist");

export const common: BuildOptions = {
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

export const replace = (path: string, content: Uint8Array): void => {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, path);
};

/** What the engine has compiled of bundles that are no more would be kept for good. Others may write there meanwhile. */
export const forgetCompiled = (): void => {
  rmSync(join(outdir, ".compiled"), { recursive: true, force: true, maxRetries: 5 });
};

export const isSame = (path: string, content: Uint8Array): boolean =>
  existsSync(path) && readFileSync(path).equals(content);

/** Ends the process where building fails; esbuild has printed what is wrong, and where. */
export const orFailed = (building: Promise<unknown>): Promise<unknown> =>
  building.catch((error: unknown) => {
    console.error(`build: failed${error instanceof Error && "errors" in error ? "" : `: ${String(error)}`}`);
    process.exit(1);
  });
