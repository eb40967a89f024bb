import { Worker, type WorkerOptions } from "node:worker_threads";
import * as t from "io-ts";
import { program } from "./paths";
import { StartError } from "./start-error";

/** What a thread of the platform is told when it starts; `main.ts` finds its part by it. */
export const Part = t.union([
  t.type({ part: t.literal("dynamodb"), folder: t.string }),
  t.type({ part: t.literal("fauxqs"), queues: t.string, buckets: t.string }),
  t.type({ part: t.literal("function"), bundle: t.string, handler: t.string }),
]);
export type Part = t.TypeOf<typeof Part>;

/** Starts a thread of this program. Its warnings about Node's own experiments are not the user's. */
export const startThread = (part: Part, options: WorkerOptions = {}): Worker =>
  new Worker(program, { ...options, workerData: part, execArgv: ["--disable-warning=ExperimentalWarning"] });

const Listening = t.type({ port: t.number });

/** A thread that serves on loopback: its port once it does, and how to end it. */
export const startServerThread = (
  part: Part,
  onDeath: (error: Error) => void,
): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> =>
  new Promise((resolve, reject) => {
    const worker = startThread(part, { env: {} });
    let stopping = false;
    const died = (why: string): void => {
      if (stopping) return;
      const error = new StartError(`the local ${part.part} stopped: ${why}`);
      reject(error);
      onDeath(error);
    };
    worker.once("error", (error) => died(error.message));
    worker.once("exit", (code) => died(`exit ${code}`));
    worker.once("message", (message: unknown) => {
      if (!Listening.is(message)) {
        died("it did not say where it listens");
        return;
      }
      resolve({
        port: message.port,
        stop: async () => {
          stopping = true;
          worker.postMessage("stop");
          const ended = new Promise((done) => worker.once("exit", done));
          const giveUp = setTimeout(() => void worker.terminate(), 1_000);
          await ended;
          clearTimeout(giveUp);
        },
      });
    });
  });
