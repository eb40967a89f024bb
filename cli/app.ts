/** `dist/main.js`: runs the cdktf app, the bundle of main.ts beside it. */
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runKept } from "../lib/kept-program";

// It is over before the engine gains by optimizing it, or by looking for garbage beside it.
setFlagsFromString("--no-opt");
setFlagsFromString("--no-incremental-marking");

runKept(join(__dirname, "app.js"));
