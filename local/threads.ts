import { parentPort, Worker, type WorkerOptions } from "node:worker_threads";
import * as t from "io-ts";
import type { Activity } from "./activity";
import { jumpingClock } from "./engine/faults/clock";
import { Answered, type Asked, bufferOf, type Serving } from "./engine/gateway/forward";
import type { AwsAnswer } from "./engine/gateway/call";
import type { Metrics, Reading } from "./engine/metrics";
import { functionProgram, program } from "./paths";
import { DamagedError, StartError } from "./start-error";

export const FunctionPart = t.type({
  part: t.literal("function"),
  bundle: t.string,
  handler: t.string,
  sourceMap: t.union([t.string, t.undefined]),
});

export const DynamodbPart = t.type({
  part: t.literal("dynamodb"),
  folder: t.string,
  written: t.string,
  before: t.string,
  damaged: t.string,
  recover: t.boolean,
});

export const FauxqsPart = t.type({
  part: t.literal("fauxqs"),
  queues: t.string,
  buckets: t.string,
  sealed: t.string,
  damaged: t.string,
  recover: t.boolean,
});

/** What a thread that serves is told when it starts; `main.ts` finds its part by it. */
export type ServingPart = t.TypeOf<typeof DynamodbPart> | t.TypeOf<typeof FauxqsPart>;

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

/** What a thread that serves is told when it is to end. */
export const STOP = "stop";

/**
 * What a serving thread reports besides answers to calls: lines for the user, what goes wrong, what it counted, and
 * that it serves or why it cannot.
 */
const FromServer = t.union([
  t.type({ measured: Measured }),
  t.type({ say: t.string }),
  t.type({ complaint: t.string, of: t.string }),
  t.type({ refused: t.string, damaged: t.boolean }),
  t.type({ serves: t.literal(true) }),
]);

export const tellPlatform = (message: t.TypeOf<typeof FromServer> | Answered): void =>
  parentPort?.postMessage(message);

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

/** The calls that a thread is to answer. */
const calls = (worker: Worker) => {
  const waiting = new Map<number, { resolve: (answer: AwsAnswer) => void; reject: (error: Error) => void }>();
  let asked = 0;
  return {
    serving: ((call) =>
      new Promise((resolve, reject) => {
        asked += 1;
        waiting.set(asked, { resolve, reject });
        worker.postMessage({ ...call, ask: asked } satisfies Asked);
      })) satisfies Serving,
    settle: (answer: Answered): void => {
      const caller = waiting.get(answer.answered);
      waiting.delete(answer.answered);
      if ("broken" in answer) caller?.reject(new Error(answer.broken));
      else {
        const { status, headers, body } = answer;
        caller?.resolve({ status, headers, body: bufferOf(body) });
      }
    },
    /** None of them will be answered any more. */
    end: (why: string): void => {
      for (const { reject } of waiting.values()) reject(new Error(why));
      waiting.clear();
    },
  };
};

/** A thread that serves, once it does, and how to end it. */
export const startServerThread = (
  part: ServingPart,
  activity: Pick<Activity, "data" | "complaint">,
  count: Metrics["put"],
  onDeath: (error: Error) => void,
): Promise<{ readonly serving: Serving; readonly stop: () => Promise<void> }> =>
  new Promise((resolve, reject) => {
    const worker = startThread(part, { env: {} });
    const { serving, settle, end } = calls(worker);
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
      worker.postMessage(STOP);
      const ended = new Promise((done) => worker.once("exit", done));
      const giveUp = setTimeout(() => void worker.terminate(), 1_000);
      await ended;
      clearTimeout(giveUp);
    };
    worker.once("error", (error) => died(error.message));
    worker.once("exit", (code) => {
      end(`the local ${part.part} has ended`);
      died(`exit ${code}`);
    });
    worker.on("message", (message: unknown) => {
      if (Answered.is(message)) settle(message);
      else if (!FromServer.is(message)) died("it said what nobody understands");
      else if ("say" in message) activity.data(message.say);
      else if ("measured" in message) for (const [metric, value] of message.measured) count(metric, value);
      else if ("complaint" in message) activity.complaint(message.of, message.complaint);
      else if ("refused" in message) {
        stopping = true;
        reject(message.damaged ? new DamagedError(message.refused) : new StartError(message.refused));
        void worker.terminate();
      } else resolve({ serving, stop });
    });
  });
