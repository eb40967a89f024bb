import { Command } from "@commander-js/extra-typings";

/** The frame of a program that runs from its source, before anything is built; that of the others is lib/command.ts. */
export const sourceCommand = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .helpOption("-h, --help", "print this help and do nothing")
    .allowExcessArguments(false)
    .configureHelp({ commandUsage: (chosen) => `npm run ${name} -- ${chosen.usage()}` })
    .configureOutput({
      outputError: (text, write) =>
        write(
          `${name}: ${text
            .replace(/^error: /, "")
            .trim()
            .replaceAll("\n", " ")}; see npm run ${name} -- --help\n`,
        ),
    })
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
