/** `npm start`: builds what has changed, and becomes the local platform. */
import { createRequire } from "node:module";
import { orFailed } from "./build/files.mts";
import { buildFunctions } from "./build/functions.mts";
import { buildPage } from "./build/page.mts";
import { buildPrograms } from "./build/programs.mts";
import { endWithShell } from "./end-with-shell.mts";

endWithShell();

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
