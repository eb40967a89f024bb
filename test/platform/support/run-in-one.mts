/** Runs built programs one after the other in this process, a tenth of what processes of their own take, and prints what came. */
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { setImmediate as turn } from "node:timers/promises";

const require = createRequire(import.meta.url);
const print = process.stdout.write.bind(process.stdout);
const exit = process.exit.bind(process);
// Each program listens to them.
for (const heard of [process, process.stdout, process.stderr]) heard.setMaxListeners(0);

let stdout = "";
let stderr = "";
process.stdout.write = (text: string | Uint8Array): boolean => (stdout += String(text)) !== "";
process.stderr.write = (text: string | Uint8Array): boolean => (stderr += String(text)) !== "";
// The next one is still to run.
Reflect.set(process, "exit", () => undefined);

const run = async (program: string, args: ReadonlyArray<string>) => {
  const path = resolve(program);
  Reflect.deleteProperty(require.cache, path);
  process.argv.splice(2, Infinity, ...args);
  process.exitCode = -1;
  stdout = "";
  stderr = "";
  require(path);
  // What is refused is refused before anything is done that takes time.
  await turn();
  await turn();
  return { code: process.exitCode, stdout, stderr };
};

const ended = [];
for (const typed of process.argv.slice(2).map((one): unknown => JSON.parse(one))) {
  const [program = "", ...args] = Array.isArray(typed) ? typed.map(String) : [];
  ended.push(await run(program, args));
}
process.exitCode = 0;
print(JSON.stringify(ended), () => exit());
