import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "./until";

/** The platform as a user starts it, in a process of its own. */
export type PlatformProcess = {
  readonly apiUrl: string;
  readonly awsUrl: string;
  /** Where it was asked for with `--console-port`. */
  readonly consoleUrl: string;
  /** Everything it has printed so far. */
  readonly output: () => string;
  /** Sends a signal and waits for the end: its exit code, or none where it does not end. */
  readonly end: (signal: NodeJS.Signals) => Promise<{ readonly code: number | null }>;
};

const spawned = (args: ReadonlyArray<string>, env: NodeJS.ProcessEnv = {}, cwd = ".") => {
  const child = spawn(process.execPath, ["dist/local.js", ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, ended, stdout: () => stdout, stderr: () => stderr };
};

/** Runs it to its end, for the cases in which it does not start. */
export const runToEnd = async (args: ReadonlyArray<string>, env: NodeJS.ProcessEnv = {}) => {
  const { child, ended, stdout, stderr } = spawned(args, env);
  const giveUp = setTimeout(() => child.kill("SIGKILL"), 300_000);
  const code = await ended;
  clearTimeout(giveUp);
  return { code, stdout: stdout(), stderr: stderr() };
};

const running = new Set<{ kill: (signal: NodeJS.Signals) => boolean }>();

/** Ends what a failed test left running; call it in `afterAll`. */
export const endAll = (): void => {
  for (const child of running) child.kill("SIGKILL");
};

export const startProcess = async (
  args: ReadonlyArray<string>,
  env: NodeJS.ProcessEnv = {},
  cwd?: string,
): Promise<PlatformProcess> => {
  const pages = args.includes("--console-port") ? [] : ["--console-port", "off"];
  const { child, ended, stdout, stderr } = spawned(
    ["--port", "0", "--aws-port", "0", ...pages, ...args],
    env,
    cwd,
  );
  running.add(child);
  await until(
    () => `${stdout()}${stderr()}`,
    (output) => output.includes("ready in") || child.exitCode !== null,
  );
  const url = (name: string): string => new RegExp(`${name} +(http://\\S+)`).exec(stdout())?.[1] ?? "";
  if (url("AWS") === "") throw new Error(`the platform did not start: ${stderr()}`);
  return {
    apiUrl: url("API"),
    awsUrl: url("AWS"),
    consoleUrl: url("console"),
    output: () => `${stdout()}${stderr()}`,
    end: async (signal) => {
      child.kill(signal);
      const code = await Promise.race([ended, sleep(300_000, null, { ref: false })]);
      running.delete(child);
      return { code };
    },
  };
};
