/**
 * `dist/main.js`: runs the cdktf app, the bundle of main.ts beside it, and keeps what the engine has compiled of it for
 * the next run. Node's own cache has of a file what was compiled before it ran, which is little of one as large.
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";

// It is over before the engine gains by optimizing it, or by looking for garbage beside it.
setFlagsFromString("--no-opt");
setFlagsFromString("--no-incremental-marking");

const app = join(__dirname, "app.js");
const { mtimeMs, size } = statSync(app);
const kept = join(__dirname, ".compiled", `app-${process.version}-${mtimeMs}-${size}`);

const read = (file: string): Buffer | undefined => {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
};

const cachedData = read(kept);
const script = new Script(
  `(function(require,module){const{exports}=module;${readFileSync(app, "utf8")}\n})`,
  {
    filename: app,
    ...(cachedData === undefined ? {} : { cachedData }),
  },
);

const keep = (): void => {
  try {
    mkdirSync(dirname(kept), { recursive: true });
    const unfinished = `${kept}.${process.pid}`;
    writeFileSync(unfinished, script.createCachedData());
    renameSync(unfinished, kept);
  } catch {
    // Without it the next run is slower, and nothing else.
  }
};

const isKept = cachedData !== undefined && script.cachedDataRejected !== true;
if (!isKept) process.once("exit", keep);

const run: unknown = script.runInThisContext();
if (typeof run === "function") Reflect.apply(run, undefined, [createRequire(app), { exports: {} }]);
