#!/usr/bin/env node
/**
 * `npx orders`: every command of the project under one name. The list is that of docs/commands.md. Plain
 * JavaScript, because it alone runs on whichever Node there is, which may not strip types; npm finds the pinned one.
 */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The rows of the page's tables, each under its heading; links are for readers of the page. */
const rows = () =>
  readFileSync(join(root, "docs", "commands.md"), "utf8")
    .split(/^## /m)
    .slice(1)
    .flatMap((section) =>
      [...section.matchAll(/^\| `npm (?:run )?([\w:-]+)` *\| (.*?) *\|$/gm)].map(
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

/**
 * As `npm run` would, from the folder the user is in. Ctrl-C reaches the command by itself, from the terminal.
 * @type {(name: string, args: string[]) => void}
 */
const runScript = (name, args) => {
  const child = spawn("npm", ["--prefix", root, "run", "--silent", name, "--", ...args], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
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
  .configureHelp({ subcommandTerm: (listed) => listed.name(), visibleOptions: () => [] })
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
    .action((/** @type {string[]} */ args) => runScript(name, args));

program
  .command("completion")
  .helpGroup("Develop:")
  .description(`completes commands and environments with Tab: ${Object.keys(COMPLETIONS).join(", ")}`)
  .argument("<shell>")
  .action((/** @type {string} */ shell) => {
    const script = Object.entries(COMPLETIONS).find(([known]) => known === shell)?.[1];
    if (script === undefined)
      program.error(
        `there is no completion for ${shell}; there is for ${Object.keys(COMPLETIONS).join(", ")}`,
      );
    console.log(script);
  });

if (process.argv.length === 2) program.outputHelp();
else program.parse();
