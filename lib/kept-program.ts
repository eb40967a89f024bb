/**
 * Runs a bundle by what the engine has compiled of it at the end of an earlier run. Node's own cache has of a file what
 * was compiled before it ran, which is little of a bundle with its packages.
 */
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { scriptOf } from "./compiled";

/** @param file of the file system, beside which what was compiled is kept in `.compiled` */
export const runKept = (file: string): void => {
  const folder = dirname(file);
  const { mtimeMs, size } = statSync(file);
  const kept = join(folder, ".compiled", `${basename(file, ".js")}-${process.version}-${mtimeMs}-${size}`);
  const code = `(function(require,module,__filename,__dirname){const{exports}=module;${readFileSync(file, "utf8")}\n})`;
  const { script, keepMore } = scriptOf(kept, code, { filename: file });
  process.once("exit", keepMore);
  const run: unknown = script.runInThisContext();
  if (typeof run === "function")
    Reflect.apply(run, undefined, [createRequire(file), { exports: {} }, file, folder]);
};
