/** The subcommands that a program's help lists. */
export const subcommandsIn = (help: string): ReadonlyArray<string> =>
  [...(help.split("\nCommands:\n")[1] ?? "").matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name = ""]) => name);
