/** Prints what these built programs say to `--help`, and to `SUBCOMMAND --help`, as JSON: all of them in one process. */
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { subcommandsIn } from "./subcommands.mts";

const require = createRequire(import.meta.url);
const print = process.stdout.write.bind(process.stdout);
// Each program listens to them.
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);

let printed = "";
process.stdout.write = (text: string | Uint8Array): boolean => {
  printed += String(text);
  return true;
};

const helpOf = (program: string, words: ReadonlyArray<string>): string => {
  const path = resolve(program);
  Reflect.deleteProperty(require.cache, path);
  process.argv.splice(2, Infinity, ...words, "--help");
  printed = "";
  require(path);
  return printed;
};

const helps = process.argv.slice(2).flatMap((program) => {
  const help = helpOf(program, []);
  return [
    [program, help] as const,
    ...subcommandsIn(help).map((name) => [`${program} ${name}`, helpOf(program, [name])] as const),
  ];
});
print(JSON.stringify(Object.fromEntries(helps)));
