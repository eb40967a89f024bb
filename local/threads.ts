import { parentPort, Worker, type WorkerOptions } from "node:worker_threads";
import * as t from "io-ts";
import type { Activity } from "./activity";
import { jumpingClock } from "./engine/faults/clock";
import type { Metrics, Reading } from "./engine/metrics";
import { functionProgram, program } from "./paths";
import { DamagedError, StartError } from "./start-error";

export const FunctionPart = t.type({
  part: t.literal("function"),
  bundle: t.string,
  handler: t.string,
  sourceMap: t.union([t.string, t.undefined]),
});

/** What a thread that serves is told when it starts; `main.ts` finds its part by it. */
export const ServingPart = t.union([
  t.type({
    part: t.literal("dynamodb"),
    folder: t.string,
    written: t.string,
    before: t.string,
    damaged: t.string,
    recover: t.boolean,
  }),
  t.type({
    part: t.literal("fauxqs"),
    queues: t.string,
    buckets: t.string,
    sealed: t.string,
    damaged: t.string,
    recover: t.boolean,
  }),
]);
export type ServingPart = t.TypeOf<typeof ServingPart>;

/** Starts a thread, without Node's warnings about experimental features. */
export const startThread = (
  part: ServingPart | t.TypeOf<typeof FunctionPart>,
  options: WorkerOptions = {},
): Worker =>
  new Worker(part.part === "function" ? functionProgram : program, {
    ...options,
    workerData: { ...part, clock: jumpingClock() },
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });

const Measured = t.readonlyArray(
  t.tuple([
    t.type({ namespace: t.string, name: t.string, dimensions: t.record(t.string, t.string) }),
    t.number,
  ]),
);

/** What a serving thread reports: lines for the user, what goes wrong, what it counted, why it cannot serve, or its port. */
const FromServer = t.union([
  t.type({ measured: Measured }),
  t.type({ say: t.string }),
  t.type({ complaint: t.string, of: t.string }),
  t.type({ refused: t.string, damaged: t.boolean }),
  t.type({ port: t.number }),
]);
type FromServer = t.TypeOf<typeof FromServer>;

export const tellPlatform = (message: FromServer): void => parentPort?.postMessage(message);

/** How long a thread adds up what it counts before it tells: a message for each call would cost as much as the call. */
const TELL_MS = 100;

/** Counts for the platform's metrics, within a thread. */
export const measuring = (): ((readings: ReadonlyArray<Reading>) => void) => {
  const sums = new Map<string, Reading>();
  const tell = (): void => {
    tellPlatform({ measured: [...sums.values()].map(([metric, value]) => [metric, value]) });
    sums.clear();
  };
  return (readings) => {
    if (sums.size === 0 && readings.length > 0) setTimeout(tell, TELL_MS).unref();
    for (const [metric, value] of readings) {
      const key = JSON.stringify(metric);
      sums.set(key, [metric, (sums.get(key)?.[1] ?? 0) + value]);
    }
  };
};

const dataOf = (part: ServingPart): string =>
  ` (its data: ${part.part === "dynamodb" ? part.folder : part.queues})`;

/** A thread that serves on loopback: its port once it listens, and how to end it. */
export const startServerThread = (
  part: ServingPart,
  activity: Pick<Activity, "data" | "complaint">,
  count: Metrics["put"],
  onDeath: (error: Error) => void,
): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> =>
  new Promise((resolve, reject) => {
    const worker = startThread(part, { env: {} });
    let stopping = false;
    const died = (why: string): void => {
      if (stopping) return;
      stopping = true;
      const error = new StartError(`the local ${part.part} stopped: ${why}${dataOf(part)}`);
      reject(error);
      onDeath(error);
    };
    const stop = async (): Promise<void> => {
      stopping = true;
      worker.postMessage("stop");
      const ended = new Promise((done) => worker.once("exit", done));
      const giveUp = setTimeout(() => void worker.terminate(), 1_000);
      await ended;
      clearTimeout(giveUp);
    };
    worker.once("error", (error) => died(error.message));
    worker.once("exit", (code) => died(`exit ${code}`));
    worker.on("message", (message: unknown) => {
      if (!FromServer.is(message)) died("it said what nobody understands");
      else if ("say" in message) activity.data(message.say);
      else if ("measured" in message) for (const [metric, value] of message.measured) count(metric, value);
      else if ("complaint" in message) activity.complaint(message.of, message.complaint);
      else if ("refused" in message) {
        stopping = true;
        reject(message.damaged ? new DamagedError(message.refused) : new StartError(message.refused));
        void worker.terminate();
      } else resolve({ port: message.port, stop });
    });
  });
