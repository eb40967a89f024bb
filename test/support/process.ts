import { spawn } from "node:child_process";

export type Finished = { readonly code: number; readonly stdout: string; readonly stderr: string };

type Options = {
  readonly cwd?: string;
  /** What differs from the environment of the tests, unless `env` is all of it. */
  readonly changes?: NodeJS.ProcessEnv;
  readonly env?: NodeJS.ProcessEnv;
  readonly seconds?: number;
  /** Told how to interrupt the process. */
  readonly onStart?: (interrupt: (signal?: NodeJS.Signals) => void) => void;
  /** Told of everything printed so far, and how to interrupt the process. */
  readonly onOutput?: (stdout: string, interrupt: (signal?: NodeJS.Signals) => void) => void;
};

/** Runs a program to its end or its time limit; it never outlives either. */
export const run = (program: string, args: ReadonlyArray<string>, options: Options = {}): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...(options.env ?? process.env), ...options.changes },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: (options.seconds ?? 600) * 1_000,
      killSignal: "SIGKILL",
    });
    const interrupt = (signal: NodeJS.Signals = "SIGINT"): void => void child.kill(signal);
    options.onStart?.(interrupt);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      options.onOutput?.(stdout, interrupt);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });

/** Runs a command of this project, as built. */
export const runCommand = (
  name: string,
  args: ReadonlyArray<string>,
  options: Options = {},
): Promise<Finished> => run(process.execPath, [`dist/${name}.js`, ...args], options);
