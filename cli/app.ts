/**
 * `dist/main.js`: runs the cdktf app, the bundle of main.ts beside it, and keeps what the engine has compiled of it for
 * the next run. Node's own cache has of a file what was compiled before it ran, which is little of one as large.
 */
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { scriptOf } from "../lib/compiled";

// It is over before the engine gains by optimizing it, or by looking for garbage beside it.
setFlagsFromString("--no-opt");
setFlagsFromString("--no-incremental-marking");

const app = join(__dirname, "app.js");
const { mtimeMs, size } = statSync(app);
const kept = join(__dirname, ".compiled", `app-${process.version}-${mtimeMs}-${size}`);

const code = `(function(require,module){const{exports}=module;${readFileSync(app, "utf8")}\n})`;
const { script, keep } = scriptOf(kept, code, { filename: app });
process.once("exit", keep);

const run: unknown = script.runInThisContext();
if (typeof run === "function") Reflect.apply(run, undefined, [createRequire(app), { exports: {} }]);
