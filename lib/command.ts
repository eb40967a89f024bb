/** The frame of every command: its arguments, `--help`, and one kind of failure that ends it. */
import { resolve } from "node:path";
import { Command, CommanderError } from "@commander-js/extra-typings";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { reasonOf } from "./thrown";

/** Why a command did not do what it was asked: for the person who typed it, and the exit status for scripts. */
export type Failure = { readonly status: number; readonly message: string };

export const failure = (status: number, message: string): Failure => ({ status, message });

/** The exit status of a command that was typed wrong; nothing was done. */
const WRONG_USE = 2;

/** A fault of the command itself, not of its use. Shown without a stack trace. */
const UNEXPECTED = 70;

export const wrongUse = (message: string): Failure => failure(WRONG_USE, message);

/**
 * npm takes an option before `--` for itself and hands it on as `npm_config_…` only. A command that then acted
 * without, say, its `--dry-run` would do what nobody asked for.
 */
const swallowedByNpm = (options: ReadonlyArray<{ readonly long?: string | undefined }>): string | undefined =>
  options
    .flatMap(({ long }) => long ?? [])
    .find((long) => process.env[`npm_config_${long.replace(/^--/, "").replaceAll("-", "_")}`] !== undefined);

/** `npm run deploy -- plan` of the subcommand plan. */
const typed = (chosen: { readonly name: () => string; readonly parent: unknown }): string =>
  chosen.parent instanceof Command
    ? `npm run ${chosen.parent.name()} -- ${chosen.name()}`
    : `npm run ${chosen.name()} --`;

/** A command, or one of its subcommands. Options, arguments and actions are commander's own. */
export const command = (name: string): Command => {
  const made = new Command(name)
    .helpOption("-h, --help", "print this help and do nothing")
    .helpCommand(false)
    .allowExcessArguments(false)
    .exitOverride();
  made.configureHelp({ commandUsage: (chosen) => `${typed(chosen)} ${chosen.usage()}` });
  made.configureOutput({
    // One line: what is wrong, the nearest right word where there is one, and where to read on.
    outputError: (text, write) =>
      write(
        `${name}: ${text
          .replace(/^error: /, "")
          .trim()
          .replaceAll("\n", " ")}; see ${typed(made)} --help\n`,
      ),
  });
  made.hook("preAction", (_, chosen) => {
    const long = swallowedByNpm(chosen.options);
    if (long !== undefined)
      chosen.error(`npm kept ${long} for itself: write two dashes before it, npm run … -- … ${long}`);
  });
  return made;
};

/** Ends a command from within: `main` prints it, and exits with its status. */
export class Ended extends Error {
  /** @param of the command's own name stands before what it did not foresee */
  constructor(
    readonly failure: Failure,
    readonly of?: "unforeseen",
  ) {
    super(failure.message);
  }
}

/** @throws Ended where an option's value is no port */
export const portOf = (option: string, value: string): number => {
  if (!/^\d+$/.test(value) || Number(value) > 65_535)
    throw new Ended(wrongUse(`--${option} ${value}: expected a port, 0 to 65535`));
  return Number(value);
};

/**
 * Runs a command that prints as it goes, and gives its exit status.
 *
 * @param otherwise the exit status of anything that is thrown
 */
export const run = async (otherwise: number, work: () => Promise<number> | number): Promise<void> => {
  try {
    process.exitCode = await work();
  } catch (thrown) {
    throw thrown instanceof Ended ? thrown : new Ended(failure(otherwise, reasonOf(thrown)), "unforeseen");
  }
};

/** Runs what a command does: prints its lines, or why it failed. */
export const perform = (task: TE.TaskEither<Failure, ReadonlyArray<string>>): Promise<void> =>
  pipe(
    task,
    TE.match(
      ({ status, message }) => {
        console.error(message);
        process.exitCode = status;
      },
      (lines) => lines.forEach((line) => console.log(line)),
    ),
  )();

type Program = {
  readonly name: () => string;
  readonly parseAsync: (argv: ReadonlyArray<string>, from: { from: "user" }) => Promise<unknown>;
};

/** Runs the program with what was typed, to its end. */
export const main = async (program: Program, argv: ReadonlyArray<string> = process.argv.slice(2)) => {
  // Whoever reads its lines may stop reading (| head): what it does goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (thrown) {
    // Commander has said what is wrong, or printed the help.
    if (thrown instanceof CommanderError) process.exitCode = thrown.exitCode === 0 ? 0 : WRONG_USE;
    else {
      const foreseen = thrown instanceof Ended && thrown.of === undefined;
      console.error(foreseen ? thrown.message : `${program.name()}: ${reasonOf(thrown)}`);
      process.exitCode = thrown instanceof Ended ? thrown.failure.status : UNEXPECTED;
    }
  }
};

/** A path as the user means it: npm runs scripts in the project's folder, the user may be in another. */
export const userPath = (path: string): string => resolve(process.env["INIT_CWD"] ?? "", path);
