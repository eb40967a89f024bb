/** The command line: options in, a running platform or one clear line out. */
import { join, relative } from "node:path";
import * as E from "fp-ts/Either";
import { command, Ended, main, portOf, userPath, wrongUse } from "../lib/command";
import { printActivity } from "./activity";
import { CONSOLE_PORT, type ConsolePort, openConsole } from "./console";
import { readPlan } from "./engine/faults/read-plan";
import { greeting } from "./greeting";
import { inDataFolder, root } from "./paths";
import { type PlatformOptions, startPlatform } from "./platform";
import { parseSchedule } from "./services/scheduler/schedule-expression";
import { StartError } from "./start-error";
import { watchSources } from "./watch";
import type { ApiAuth } from "./synthesize";

const refuse = (problem: string): never => {
  throw new Ended(wrongUse(problem));
};

const consoleOf = (value: string | undefined): ConsolePort | undefined => {
  if (value === undefined) return CONSOLE_PORT;
  return value === "off" ? undefined : { port: portOf("console-port", value), orAny: false };
};

const scheduleOf = (value: string): string => {
  const parsed = value === "off" ? E.right(undefined) : parseSchedule(value);
  return E.isLeft(parsed) ? refuse(`--schedule ${parsed.left}`) : value;
};

const parameterOf = (value: string): readonly [string, string] => {
  const at = value.indexOf("=");
  return at < 1
    ? refuse(`--parameter ${value}: expected NAME=VALUE`)
    : [value.slice(0, at), value.slice(at + 1)];
};

/** How `--auth`, `--issuer` and `--audience` go together. */
const authOf = (
  auth: string | undefined,
  issuer: string | undefined,
  audience: ReadonlyArray<string>,
): { readonly auth?: ApiAuth } => {
  if (auth === "jwt" && issuer !== undefined && audience.length > 0)
    return { auth: { type: "jwt", issuer, audience } };
  if (auth === "jwt") return refuse("--auth jwt: needs --issuer URL and --audience NAME");
  if (issuer !== undefined || audience.length > 0)
    return refuse("--issuer and --audience: only with --auth jwt");
  if (auth === undefined) return {};
  return auth === "iam" ? { auth: { type: auth } } : refuse(`--auth ${auth}: expected iam or jwt`);
};

const each = (value: string, before: ReadonlyArray<string>): ReadonlyArray<string> => [...before, value];

const program = command("start")
  .description("run the system that environments/local.json declares on this machine")
  .option("--port <n>", "port of the API; 0 is any free one", "3000")
  .option(
    "--host <address>",
    "where the API listens; the AWS endpoint stays on loopback (default: 127.0.0.1)",
  )
  .option(
    "--auth <kind>",
    "iam: ask for requests signed with the key local/local, as deployed environments do; jwt: for a token of --issuer for --audience",
  )
  .option("--issuer <url>", "who signs tokens (with --auth jwt)")
  .option("--audience <name>", "whom tokens are for (with --auth jwt); may be repeated", each, [])
  .option("--aws-port <n>", "port of the AWS endpoint (default: 4566, or any if that is taken)")
  .option("--console-port <n>", "port of the console; off: none (default: 3080, or any if that is taken)")
  .option("--data <dir>", "where everything is kept (default: .local)")
  .option("--fresh", "start empty: delete what the platform made in the data folder, and nothing else", false)
  .option("--recover", "keep what is whole of a damaged data folder, and list what is not", false)
  .option("--schedule <expression>", "when state machines are started, e.g. 'rate(10 seconds)'; off: never")
  .option("--parameter <name=value>", "set a secret of the parameter store; may be repeated", each, [])
  .option("--faults <file>", "let the faults of a plan happen (see local/engine/faults/plan-file.ts)")
  .option("--inspect <port>", "let a debugger attach, to the functions' TypeScript (see docs/develop.md)")
  .option("--watch", "swap each function when its source is saved, and show errors of types", false)
  .option("--stack <dir>", "run the synthesized stack in DIR instead")
  .addHelpText(
    "after",
    `
Exit status: 0 after SIGINT or SIGTERM; 1 if it cannot start or go on; 2 wrong use; 3 if the data folder is damaged.
Each is said in one line for each thing that is wrong. A data folder is checked whole at each start.`,
  );

type Options = ReturnType<typeof program.opts>;

const platformOptions = (options: Options): Omit<PlatformOptions, "activity" | "onDeath"> => {
  const { port, awsPort, host, auth, issuer, audience, data, fresh, recover } = options;
  const { schedule, parameter, faults, inspect, stack, watch } = options;
  if (stack !== undefined && watch)
    refuse("--watch and --stack: what is watched is this project's own stack");
  if (stack !== undefined && auth !== undefined)
    refuse("--auth and --stack: a synthesized stack says itself who may use its API");
  if (fresh && recover) refuse("--fresh and --recover: one starts empty, the other keeps what is whole");
  return {
    port: portOf("port", port),
    data: data === undefined ? join(root, ".local") : userPath(data),
    fresh,
    recover,
    ...(host === undefined ? {} : { host }),
    ...authOf(auth, issuer, audience),
    parameters: Object.fromEntries(parameter.map(parameterOf)),
    ...(awsPort === undefined ? {} : { awsPort: portOf("aws-port", awsPort) }),
    ...(schedule === undefined ? {} : { schedule: scheduleOf(schedule) }),
    ...(faults === undefined ? {} : { faults: readPlan(userPath(faults)) }),
    ...(inspect === undefined ? {} : { inspect: portOf("inspect", inspect) }),
    ...(stack === undefined ? {} : { stack: userPath(stack) }),
  };
};

/** A path as a person would type it from here. */
const shown = (path: string): string => {
  const from = relative(process.cwd(), path);
  return from.startsWith("..") ? path : from || ".";
};

/** One line for what a person can put right; the whole story of anything else. */
const fail = (error: unknown): never => {
  console.error(error instanceof StartError ? error.message : error);
  process.exit(error instanceof StartError ? error.status : 1);
};

const start = async (chosen: Options): Promise<void> => {
  const options = platformOptions(chosen);
  const consolePort = consoleOf(chosen.consolePort);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop());
  console.log("starting …");
  const { activity, silence } = printActivity(process.stdout);
  const begin = async () => {
    const pages = consolePort === undefined ? undefined : await openConsole(consolePort);
    return { pages, platform: await startPlatform({ ...options, activity, onDeath: fail }) };
  };
  const starting = begin();
  const at = { stopping: false, unwatch: (): void => undefined };

  const stop = (): void => {
    if (at.stopping) return;
    at.stopping = true;
    console.log("\nstopping; what is under way goes on at the next start");
    // What is cut short from here on goes on at the next start: not worth a line.
    silence();
    at.unwatch();
    // Ctrl-C reaches what it is started with, too: that it did not start then is no failure.
    starting
      .then(
        ({ platform }) => platform.stop(),
        () => undefined,
      )
      .then(() => process.exit(0), fail);
  };

  const started = await starting.catch((error: unknown) => {
    if (!at.stopping) throw error;
  });
  if (started === undefined || at.stopping) return;
  const { platform, pages } = started;
  pages?.show({ ...platform, notifications: inDataFolder(options.data).notifications });
  console.log(greeting(platform, pages, shown(options.data), performance.now()));
  if (chosen.watch) at.unwatch = watchSources(platform, activity, options.auth);
};

void main(
  program.action((options) =>
    start(options).catch((error: unknown) => {
      if (error instanceof Ended) throw error;
      fail(error);
    }),
  ),
);
