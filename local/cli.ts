/** The command line: options in, a running platform or one clear line out. */
import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import * as E from "fp-ts/Either";
import { printActivity } from "./activity";
import { parseSchedule } from "./services/scheduler/schedule-expression";
import { readPlan } from "./engine/faults/read-plan";
import { greeting } from "./greeting";
import { type PlatformOptions, startPlatform } from "./platform";
import type { ApiAuth } from "./synthesize";
import { messageOf, StartError } from "./start-error";

const USAGE = `Usage: npm start -- [options]

Runs the system that environments/local.json declares on this machine.

  --port N                port of the API (default 3000; 0 is any free one)
  --host ADDRESS          where the API listens (default 127.0.0.1); the AWS endpoint stays on loopback
  --auth iam              ask for requests signed with the key local/local, as deployed environments do
  --auth jwt              ask for a token of --issuer URL for --audience NAME
  --aws-port N            port of the AWS endpoint (default 4566, or any if that is taken)
  --data DIR              where everything is kept (default .local)
  --fresh                 start empty: delete what the platform made in the data folder, and nothing else
  --recover               keep what is whole of a damaged data folder, and list what is not
  --schedule EXPRESSION   when state machines are started, e.g. 'rate(10 seconds)'; off: never
  --parameter NAME=VALUE  set a secret of the parameter store; may be repeated
  --faults FILE           let the faults of a plan happen (see local/engine/faults/plan-file.ts)
  --stack DIR             run the synthesized stack in DIR instead
  --help                  show this

Exit status: 0 after SIGINT or SIGTERM; 1 if it cannot start or go on; 3 if the data folder is damaged.
Each is said in one line for each thing that is wrong. A data folder is checked whole at each start.`;

const portOf = (option: string, value: string): number => {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535)
    throw new StartError(`--${option} ${value}: expected a port, 0 to 65535`);
  return port;
};

const scheduleOf = (value: string): string => {
  const parsed = value === "off" ? E.right(undefined) : parseSchedule(value);
  if (E.isLeft(parsed)) throw new StartError(`--schedule ${parsed.left}`);
  return value;
};

const parameterOf = (value: string): readonly [string, string] => {
  const at = value.indexOf("=");
  if (at < 1) throw new StartError(`--parameter ${value}: expected NAME=VALUE`);
  return [value.slice(0, at), value.slice(at + 1)];
};

/** How `--auth`, `--issuer` and `--audience` go together. */
const authOf = (
  auth: string | undefined,
  issuer: string | undefined,
  audience: ReadonlyArray<string>,
): { readonly auth?: ApiAuth } => {
  if (auth === "jwt" && issuer !== undefined && audience.length > 0)
    return { auth: { type: "jwt", issuer, audience } };
  if (auth === "jwt") throw new StartError("--auth jwt: needs --issuer URL and --audience NAME");
  if (issuer !== undefined || audience.length > 0)
    throw new StartError("--issuer and --audience: only with --auth jwt");
  if (auth === undefined) return {};
  if (auth !== "iam") throw new StartError(`--auth ${auth}: expected iam or jwt`);
  return { auth: { type: auth } };
};

type CommandLine = Omit<PlatformOptions, "activity" | "onDeath">;

const readCommandLine = (args: ReadonlyArray<string>): CommandLine | "help" => {
  const parsed = E.tryCatch(
    () =>
      parseArgs({
        args: [...args],
        options: {
          port: { type: "string", default: "3000" },
          "aws-port": { type: "string" },
          host: { type: "string" },
          auth: { type: "string" },
          issuer: { type: "string" },
          audience: { type: "string", multiple: true, default: [] },
          data: { type: "string", default: ".local" },
          fresh: { type: "boolean", default: false },
          recover: { type: "boolean", default: false },
          schedule: { type: "string" },
          parameter: { type: "string", multiple: true, default: [] },
          faults: { type: "string" },
          stack: { type: "string" },
          help: { type: "boolean", short: "h" },
        },
      }).values,
    (error) => new StartError(`${messageOf(error).split(". ")[0] ?? ""}. See --help.`),
  );
  if (E.isLeft(parsed)) throw parsed.left;
  const { port, host, data, fresh, recover, schedule, parameter, faults, stack, help } = parsed.right;
  const { auth, issuer, audience } = parsed.right;
  const awsPort = parsed.right["aws-port"];
  if (help === true) return "help";
  if (stack !== undefined && auth !== undefined)
    throw new StartError("--auth and --stack: a synthesized stack says itself who may use its API");
  if (fresh && recover)
    throw new StartError("--fresh and --recover: one starts empty, the other keeps what is whole");
  return {
    port: portOf("port", port),
    data: resolve(data),
    fresh,
    recover,
    ...(host === undefined ? {} : { host }),
    ...authOf(auth, issuer, audience),
    parameters: Object.fromEntries(parameter.map(parameterOf)),
    ...(awsPort === undefined ? {} : { awsPort: portOf("aws-port", awsPort) }),
    ...(schedule === undefined ? {} : { schedule: scheduleOf(schedule) }),
    ...(faults === undefined ? {} : { faults: readPlan(faults) }),
    ...(stack === undefined ? {} : { stack: resolve(stack) }),
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

export const main = async (): Promise<void> => {
  try {
    const options = readCommandLine(process.argv.slice(2));
    if (options === "help") {
      console.log(USAGE);
      return;
    }
    const { activity, silence } = printActivity(process.stdout);
    const platform = await startPlatform({
      ...options,
      activity,
      onDeath: fail,
    });
    console.log(greeting(platform, shown(options.data), performance.now()));

    let stopping = false;
    const stop = (): void => {
      if (stopping) return;
      stopping = true;
      console.log("\nstopping; what is under way goes on at the next start");
      // What is cut short from here on goes on at the next start: not worth a line.
      silence();
      platform.stop().then(() => process.exit(0), fail);
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
  } catch (error) {
    fail(error);
  }
};
