#!/usr/bin/env node
/** `npx orders`: every command of the project under one name. The list is that of docs/commands.md. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";

const root = join(import.meta.dirname, "..");

type Listed = { readonly group: string; readonly name: string; readonly does: string };

/** The rows of the page's tables, each under its heading; links are for readers of the page. */
const rows = (): ReadonlyArray<Listed> =>
  readFileSync(join(root, "docs", "commands.md"), "utf8")
    .split(/^## /m)
    .slice(1)
    .flatMap((section) =>
      [...section.matchAll(/^\| `npm (?:run )?([\w:]+)` *\| (.*?) *\|$/gm)].map(
        ([, name = "", does = ""]) => ({
          group: section.split("\n", 1)[0] ?? "",
          name,
          does: does.replace(/ \(\[.*?\]\(.*?\)\)/, "").replaceAll("`", ""),
        }),
      ),
    );

const commands = rows();
const names = commands.map(({ name }) => name).join(" ");
const environments = readdirSync(join(root, "environments"))
  .flatMap((file) => /^(.*)\.json$/.exec(file)?.[1] ?? [])
  .join(" ");

const COMPLETIONS = {
  bash: `_orders() {
  local words="${names}"
  [ "$COMP_CWORD" -gt 1 ] && words="${environments}"
  COMPREPLY=($(compgen -W "$words" -- "$2"))
}
complete -o default -F _orders orders`,
  zsh: `compdef '_arguments "1:command:(${names.replaceAll(":", "\\:")})" "*:environment or file:{_alternative \\"environments:environment:(${environments})\\" \\"files:file:_files\\"}"' orders`,
  fish: `complete -c orders -n __fish_use_subcommand -f -a "${names}"
complete -c orders -n "not __fish_use_subcommand" -a "${environments}"`,
};

/** As `npm run` would, from the folder the user is in. Ctrl-C is the command's to answer. */
const runScript = (name: string, args: ReadonlyArray<string>): void => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
  const child = spawn("npm", ["--prefix", root, "run", "--silent", name, "--", ...args], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  child.once("error", ({ message }) => {
    console.error(`orders: npm could not be run: ${message}`);
    process.exitCode = 1;
  });
  child.once("close", (code) => {
    process.exitCode = code ?? 1;
  });
};

const program = new Command("orders")
  .description("The orders platform: run it, send it orders, deploy it, operate it, develop it.")
  .usage("<command> [options]")
  .helpOption("-h, --help", "print this help and do nothing")
  .helpCommand(false)
  .enablePositionalOptions()
  .configureHelp({ subcommandTerm: (listed) => listed.name() })
  .configureOutput({
    outputError: (text, write) =>
      write(
        `orders: ${text
          .replace(/^error: /, "")
          .trim()
          .replaceAll("\n", " ")}; see npx orders --help\n`,
      ),
  })
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .addHelpText("after", "\nEach has --help of its own. npm run <command> -- [options] is the same.");

for (const { group, name, does } of commands)
  program
    .command(name)
    .helpGroup(`${group}:`)
    .description(does)
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .argument("[arguments...]")
    .action((args: ReadonlyArray<string>) => runScript(name, args));

program
  .command("completion")
  .helpGroup("Develop:")
  .description(`completes commands and environments with Tab: ${Object.keys(COMPLETIONS).join(", ")}`)
  .argument("<shell>")
  .action((shell: string) => {
    const script = Object.entries(COMPLETIONS).find(([known]) => known === shell)?.[1];
    if (script === undefined)
      program.error(
        `there is no completion for ${shell}; there is for ${Object.keys(COMPLETIONS).join(", ")}`,
      );
    console.log(script);
  });

if (process.argv.length === 2) program.outputHelp();
else program.parse();
