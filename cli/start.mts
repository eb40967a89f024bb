/** `npm start`: builds what has changed, and becomes the local platform. */
import { createRequire } from "node:module";
import { orFailed } from "./build/files.mts";
import { buildFunctions } from "./build/functions.mts";
import { buildPage } from "./build/page.mts";
import { buildPrograms } from "./build/programs.mts";

const ORPHANED_AFTER_MS = 500;

// npm passes a signal on to its shell alone, which ends without a word to what it runs.
const shell = process.ppid;
setInterval(() => {
  if (process.ppid !== shell) process.kill(process.pid, "SIGTERM");
}, ORPHANED_AFTER_MS).unref();

await orFailed(
  Promise.all([
    buildFunctions(
      () => undefined,
      () => console.log("building the functions …"),
    ),
    buildPrograms([]),
    buildPage(),
  ]),
);
createRequire(import.meta.url)("../dist/local.js");
