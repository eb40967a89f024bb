import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { AwsError } from "../gateway/errors";
import { builtFunctions } from "../../paths";
import { traceInTypeScript } from "./source-map";
import type { FunctionLogs } from "./function-logs";
import { type FunctionWorker, type Outcome, type Runnable, startFunctionWorker } from "./worker";

/** As many threads a function gets however busy this machine is. */
const PROCESSORS = Math.max(availableParallelism(), 2);

/** Tells, when it is asked, whether this process left half of the processors idle since then. */
const idleSince = (): (() => boolean) => {
  const [before, began] = [process.cpuUsage(), performance.now()];
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000 < (performance.now() - began) * (PROCESSORS / 2);
  };
};

const LIMITS = {
  /** The most threads a function gets, where they wait for something else than a processor. Further invocations wait. */
  most: Math.max(PROCESSORS, 16),
  /**
   * What waits longer gets an environment of its own: more than one for each processor only while half of them idle.
   * At once, as AWS does it, each would soon have several, which take turns on the same processors and gain nothing
   * but memory.
   */
  waitForWarmMs: 300,
  /** What waits longer is refused and never begun: an API has given up on it by then. */
  longestWaitMs: 20_000,
  /** An environment without work for longer is ended, as its memory is this machine's. */
  longestIdleMs: 60_000,
};

const throttled = (): AwsError => new AwsError("TooManyRequestsException", "Rate Exceeded.", 429);

/** The environments of one function: started when needed, kept warm, reused last in, first out. */
export const functionPool = (
  first: Runnable,
  reserved: number | undefined,
  logs: FunctionLogs,
  /** Milliseconds after which an invocation's environment dies; undefined: it lives. Asked once for each. */
  killAfterMs: () => number | undefined,
  limits: Partial<typeof LIMITS> = {},
) => {
  const { most, waitForWarmMs, longestWaitMs, longestIdleMs } = { ...LIMITS, ...limits };
  const all = new Set<FunctionWorker>();
  /** With what ends it. */
  const idle = new Map<FunctionWorker, NodeJS.Timeout>();
  const queue: Array<(worker: FunctionWorker) => void> = [];
  const concurrency = Math.min(reserved ?? Infinity, most);
  let runnable = first;
  let inTypeScript = traceInTypeScript(runnable.bundle, builtFunctions);
  /** Environments that run code which has been swapped since. */
  const outdated = new Set<FunctionWorker>();
  let busy = 0;
  let stopped = false;

  const wait = (): Promise<FunctionWorker> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(grow);
        clearTimeout(giveUp);
      };
      const begin = (worker: FunctionWorker): void => {
        leave();
        resolve(worker);
      };
      const forget = (): void => {
        leave();
        queue.splice(queue.indexOf(begin), 1);
      };
      const growLater = (): NodeJS.Timeout => {
        const isIdle = idleSince();
        return setTimeout(() => {
          if (busy >= concurrency || (busy >= PROCESSORS && !isIdle())) {
            grow = growLater();
            return;
          }
          forget();
          busy += 1;
          resolve(start());
        }, waitForWarmMs).unref();
      };
      let grow = growLater();
      const giveUp = setTimeout(() => {
        forget();
        reject(throttled());
      }, longestWaitMs).unref();
      queue.push(begin);
    });
  const acquire = async (): Promise<FunctionWorker> => {
    if (stopped) throw new AwsError("ServiceException", "the platform is stopping", 503);
    // Where this machine is the limit, and not what is reserved, they wait.
    if (reserved === concurrency && busy + queue.length >= reserved) throw throttled();
    const warm = [...idle.keys()].at(-1);
    if (warm === undefined && busy > 0) return wait();
    busy += 1;
    if (warm === undefined) return start();
    wake(warm);
    return warm;
  };
  const wake = (worker: FunctionWorker): void => {
    clearTimeout(idle.get(worker));
    idle.delete(worker);
  };
  const end = (worker: FunctionWorker): void => {
    wake(worker);
    all.delete(worker);
    void worker.stop();
  };
  const start = (): FunctionWorker => {
    const worker = startFunctionWorker(runnable, logs);
    all.add(worker);
    return worker;
  };
  const release = (worker: FunctionWorker): void => {
    if (outdated.delete(worker)) void worker.stop();
    if (!worker.alive()) all.delete(worker);
    const next = queue.shift();
    if (next !== undefined) {
      next(worker.alive() ? worker : start());
      return;
    }
    busy -= 1;
    if (worker.alive()) idle.set(worker, setTimeout(end, longestIdleMs, worker).unref());
  };

  return {
    /** The most invocations that run at the same time. */
    concurrency,
    /** Runs the function. Refuses like Lambda more at once than is reserved for it. */
    invoke: async (functionArn: string, payload: string): Promise<Outcome> => {
      const worker = await acquire();
      const doomed = killAfterMs();
      const kill = doomed === undefined ? undefined : setTimeout(() => void worker.kill(), doomed);
      const requestId = randomUUID();
      const outcome = await worker.invoke({ requestId, payload, deadline: 0, functionArn });
      clearTimeout(kill);
      release(worker);
      if (outcome.kind === "error" && !stopped)
        logs.failed(requestId, { ...outcome.error, trace: inTypeScript(outcome.error.trace) });
      return outcome;
    },
    /** From here on other code runs; what runs already runs to its end. */
    swap: (bundle: string): void => {
      runnable = { ...runnable, bundle };
      inTypeScript = traceInTypeScript(bundle, builtFunctions);
      for (const worker of idle.keys()) end(worker);
      for (const worker of all) outdated.add(worker);
    },
    stop: async (): Promise<void> => {
      stopped = true;
      await Promise.all([...all].map((worker) => worker.stop()));
    },
  };
};

export type FunctionPool = ReturnType<typeof functionPool>;
