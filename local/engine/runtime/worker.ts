import type { Worker } from "node:worker_threads";
import { startThread } from "../../threads";
import type { FunctionLogs } from "./function-logs";
import { builtFunctions } from "../../paths";
import { isInspected, timeLimit } from "./inspector";
import { FromFunction, type FunctionError, type Invocation, monotonicMs } from "./protocol";
import { mapFileOf } from "./source-map";

export type Outcome =
  | { readonly kind: "answer"; readonly payload: string }
  | { readonly kind: "error"; readonly error: FunctionError };

export type Runnable = {
  readonly bundle: string;
  readonly handler: string;
  readonly env: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
};

const platformError = (errorType: string, errorMessage: string): Outcome => ({
  kind: "error",
  error: { errorType, errorMessage, trace: [] },
});

/** What a function allocates is swept often: left alone, each of its threads would hold 48 MB before the first time. */
const YOUNG_MB = 8;

/** How long Lambda lets a function's module load. */
const INIT_MS = 10_000;

/** One environment of a function: a thread that loads the bundle once and handles one event at a time. */
export const startFunctionWorker = (runnable: Runnable, logs: FunctionLogs) => {
  const worker: Worker = startThread(
    {
      part: "function",
      bundle: runnable.bundle,
      handler: runnable.handler,
      sourceMap: isInspected() ? mapFileOf(runnable.bundle, builtFunctions) : undefined,
    },
    {
      env: { ...runnable.env },
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: runnable.memoryMb, maxYoungGenerationSizeMb: YOUNG_MB },
    },
  );
  logs.capture(worker.stdout);
  logs.capture(worker.stderr);

  let dead: Outcome | undefined;
  let waiting: ((outcome: Outcome) => void) | undefined;
  const settle = (outcome: Outcome): void => {
    const resolve = waiting;
    waiting = undefined;
    resolve?.(outcome);
  };
  const die = (outcome: Outcome): void => {
    dead ??= outcome;
    settle(dead);
  };

  const ready = new Promise<void>((resolve) => {
    const late = setTimeout(() => {
      die(platformError("Sandbox.Timedout", `Init timed out after ${INIT_MS / 1_000} seconds`));
      void worker.terminate();
    }, timeLimit(INIT_MS));
    const started = (): void => {
      clearTimeout(late);
      resolve();
    };
    worker.on("message", (message: unknown) => {
      if (!FromFunction.is(message)) return;
      if (message.kind === "ready") started();
      else settle(message);
    });
    worker.once("error", (error: NodeJS.ErrnoException) => {
      die(
        error.code === "ERR_WORKER_OUT_OF_MEMORY"
          ? platformError("Runtime.OutOfMemory", `more than ${runnable.memoryMb} MB of memory were used`)
          : {
              kind: "error",
              error: {
                errorType: error.name,
                errorMessage: error.message,
                trace: (error.stack ?? "").split("\n"),
              },
            },
      );
      started();
    });
    worker.once("exit", (code) => {
      die(platformError("Runtime.ExitError", `Runtime exited with error: exit status ${code}`));
      started();
    });
  });

  return {
    alive: (): boolean => dead === undefined,
    /** Runs one invocation. Never rejects: a thread that dies is an error of the function's. */
    invoke: async (invocation: Invocation): Promise<Outcome> => {
      await ready;
      if (dead !== undefined) return dead;
      const timeoutMs = timeLimit(runnable.timeoutSeconds * 1_000);
      return new Promise((resolve) => {
        const timeout = setTimeout(() => {
          die(
            platformError(
              "Sandbox.Timedout",
              `RequestId: ${invocation.requestId} Error: Task timed out after ${runnable.timeoutSeconds.toFixed(2)} seconds`,
            ),
          );
          void worker.terminate();
        }, timeoutMs);
        waiting = (outcome) => {
          clearTimeout(timeout);
          resolve(outcome);
        };
        // The time to load the module is not the function's: its deadline counts from here.
        worker.postMessage({ ...invocation, deadline: monotonicMs() + timeoutMs } satisfies Invocation);
      });
    },
    /** Ends it in the middle of its work, as a failing machine would. */
    kill: async (): Promise<void> => {
      await worker.terminate();
    },
    stop: async (): Promise<void> => {
      die(platformError("Runtime.ExitError", "the platform is stopping"));
      await worker.terminate();
    },
  };
};

export type FunctionWorker = ReturnType<typeof startFunctionWorker>;
