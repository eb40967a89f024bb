/** What the workflows run exists, and takes what it is given. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import * as t from "io-ts";
import { shippedEnvironments } from "../support/synth";
import { textsOf, workflowOf } from "./workflow";

const Package = t.type({ scripts: t.record(t.string, t.string) });
const manifest: unknown = JSON.parse(readFileSync("package.json", "utf8"));
const scripts = Package.is(manifest) ? manifest.scripts : {};

const runs = [...textsOf()].flatMap(([file, text]) =>
  Object.values(workflowOf(text).jobs).flatMap(({ steps = [] }) =>
    steps.flatMap(({ run = "" }) => (run === "" ? [] : [[file, run] as const])),
  ),
);

type Command = { readonly script: string; readonly words: ReadonlyArray<string> };

/** `npm run [--silent] SCRIPT [-- WORDS]`, up to what the shell does with it. */
const commands = [
  ...new Map(
    runs
      .flatMap(([, run]) => [...run.matchAll(/npm run (?:--silent )?([\w:]+)(?: -- ([^|)\n<>]*))?/g)])
      .map(([, script = "", rest = ""]): Command => ({ script, words: rest.match(/"[^"]*"|\S+/g) ?? [] }))
      .map((command) => [JSON.stringify(command), command] as const),
  ).values(),
];

const helpOf = (program: string, words: ReadonlyArray<string>): string =>
  spawnSync(process.execPath, [program, ...words, "--help"], { encoding: "utf8" }).stdout;

it.each(commands.map(({ script, words }) => [script, words.join(" "), words] as const))(
  "npm run %s -- %s: the command and its options exist",
  (script, _, words) => {
    const program = /dist\/[\w-]+\.js/.exec(scripts[script] ?? "")?.[0];
    expect(scripts).toHaveProperty(script);
    if (program === undefined || words.length === 0) return;
    // Synthesis reads its own options, and has no help.
    if (script === "synth") return;
    const [first = ""] = words;
    const subcommand = /^[a-z][a-z-]*$/.test(first) ? [first] : [];
    const options = words.filter((word) => word.startsWith("--"));
    const help = helpOf(program, subcommand);
    expect(help).toMatch(new RegExp(`^Usage: .*${subcommand.join("")}`));
    for (const option of options) expect(help).toContain(option);
  },
);

it("finds the commands that it is to try", () => {
  expect(commands.map(({ script }) => script)).toEqual(expect.arrayContaining(["deploy", "github", "smoke"]));
});

it("every script of the repository that a step runs is there", () => {
  const files = runs.flatMap(([, run]) => run.match(/\.(?:github|ci)\/[\w./-]+/g) ?? []);
  expect(files).toContain(".github/verify-bundles.sh");
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});

it("no workflow names an environment but those of a release and dev", () => {
  const names = shippedEnvironments().map(({ name }) => name);
  const named = (file: string) =>
    names.filter((name) => new RegExp(`\\b${name}\\b`).test(runs.filter(([one]) => one === file).join("\n")));
  expect(named("drift.yml")).toEqual([]);
  expect(named("deploy.yml")).toEqual([]);
});
