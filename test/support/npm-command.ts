/** The commands of this project as pages and workflows write them, and whether there are such. */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as t from "io-ts";
import { subcommandsIn } from "./subcommands.mts";

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

const built = [...new Set(Object.keys(scripts).flatMap((script) => programOf(script) ?? []))].filter(
  (program) => program.startsWith("dist/"),
);

const helps = new Map<string, string>();
const readHelps = (): void => {
  const printed: unknown = JSON.parse(
    execFileSync(process.execPath, ["test/support/print-helps.mts", ...built], { encoding: "utf8" }),
  );
  if (!t.record(t.string, t.string).is(printed)) throw new Error("no helps");
  for (const [asked, help] of Object.entries(printed)) helps.set(asked, help);
};

const helpOf = (program: string, words: ReadonlyArray<string>): string => {
  if (helps.size === 0) readHelps();
  const asked = [program, ...words].join(" ");
  const help =
    helps.get(asked) ??
    spawnSync(process.execPath, [program, ...words, "--help"], { encoding: "utf8" }).stdout;
  helps.set(asked, help);
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
