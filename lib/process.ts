/** Programs this project runs: their lines as they come, and an interrupt passed on to them. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import * as TE from "fp-ts/TaskEither";

export type Ended = {
  /** None: it was ended by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether it was asked to stop. */
  readonly interrupted: boolean;
};

export type Program = {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Told each line of either output. */
  readonly onLine?: (line: string) => void;
  /** Told of an interrupt before it is passed on: the first time, the second time … */
  readonly onInterrupt?: (times: number) => void;
  /** The first interrupt is not passed on: the program ends by itself. */
  readonly finishes?: boolean;
};

/**
 * Runs a program to its end. It gets a session of its own, so that Ctrl-C reaches it through here, once for each
 * time it is pressed. A SIGTERM is passed on as an interrupt too, but never as the second one, which would make
 * the program drop what it is doing: CI services send both.
 *
 * @returns left if there is no such program
 */
export const runProgram = (
  program: string,
  args: ReadonlyArray<string>,
  { cwd, env, onLine = () => undefined, onInterrupt = () => undefined, finishes = false }: Program,
): TE.TaskEither<Error, Ended> =>
  TE.tryCatch(
    () =>
      new Promise<Ended>((resolve, reject) => {
        const child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
        let times = 0;
        const interrupt = (signal: NodeJS.Signals): void => {
          if (signal === "SIGTERM" && times > 0) return;
          times += 1;
          onInterrupt(times);
          if (!finishes || times > 1) child.kill("SIGINT");
        };
        process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
        const written = { stdout: "", stderr: "" };
        for (const name of ["stdout", "stderr"] as const) {
          child[name].setEncoding("utf8").on("data", (text: string) => {
            written[name] += text;
          });
          createInterface({ input: child[name] }).on("line", onLine);
        }
        const forget = (): void => {
          process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
        };
        child.once("error", (error) => {
          forget();
          reject(error);
        });
        child.once("close", (code) => {
          forget();
          resolve({ code, ...written, interrupted: times > 0 });
        });
      }),
    (error) => (error instanceof Error ? error : new Error(String(error))),
  );
