/** The commands of this project as pages and workflows write them, and whether there are such. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as t from "io-ts";

const Manifest = t.type({ scripts: t.record(t.string, t.string) });
const manifest: unknown = JSON.parse(readFileSync("package.json", "utf8"));
export const scripts = Manifest.is(manifest) ? manifest.scripts : {};

export type NpmCommand = { readonly script: string; readonly words: ReadonlyArray<string> };

/** `npm run [--silent] SCRIPT [-- WORDS]` or `npm start [-- WORDS]`, up to what the shell or the page does with it; each once. */
export const npmCommandsIn = (text: string): ReadonlyArray<NpmCommand> => [
  ...new Map(
    [...text.matchAll(/npm (?:start|run (?:--silent )?([\w:]+))(?: -- ([^|)\n<>`&#]*))?/g)]
      .map(([, script = "start", rest = ""]): NpmCommand => ({
        script,
        words: rest.match(/"[^"]*"|\S+/g) ?? [],
      }))
      .map((command) => [JSON.stringify(command), command] as const),
  ).values(),
];

/** The commands of package.json that are this project's own, with the program that each runs. */
export const programOf = (script: string): string | undefined =>
  /(?:^|&& )node (\S+)$/.exec(scripts[script] ?? "")?.[1];

export const subcommandsIn = (help: string): ReadonlyArray<string> =>
  [...(help.split("\nCommands:\n")[1] ?? "").matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name = ""]) => name);

const helps = new Map<string, string>();
const helpOf = (program: string, words: ReadonlyArray<string>): string => {
  const args = [program, ...words, "--help"];
  const key = args.join(" ");
  const help = helps.get(key) ?? spawnSync(process.execPath, args, { encoding: "utf8" }).stdout;
  helps.set(key, help);
  return help;
};

/** What of a command does not exist: its script, its subcommand, its options. cdktf's own are cdktf's. */
export const unknownIn = ({ script, words }: NpmCommand): ReadonlyArray<string> => {
  if (!(script in scripts)) return [`npm run ${script}`];
  const program = programOf(script);
  if (program === undefined || script === "cdktf" || words.length === 0) return [];
  const help = helpOf(program, []);
  const subcommands = subcommandsIn(help);
  const named = words.filter((word) => /^[a-z][a-z-]*$/.test(word)).slice(0, 1);
  if (subcommands.length > 0 && !named.every((word) => subcommands.includes(word)))
    return named.map((word) => `npm run ${script} -- ${word}`);
  const own = subcommands.length > 0 ? helpOf(program, named) : help;
  return words.filter((word) => word.startsWith("--") && !own.includes(word));
};
