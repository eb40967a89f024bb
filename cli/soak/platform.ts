import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";

export type PlatformOptions = {
  readonly data: string;
  readonly port: number;
  readonly awsPort: number;
  /** A fault plan's file. */
  readonly faults?: string | undefined;
  /** The largest size of a file in bytes: to the platform, a full disk. */
  readonly fileLimit?: number | undefined;
  readonly recover?: boolean;
  /** A folder with another local environment. */
  readonly environments?: string | undefined;
  /** A synthesized stack to run. */
  readonly stack?: string | undefined;
  /** When the results are fetched, instead of every second. */
  readonly schedule?: string;
};

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
      .once("error", reject)
      .listen(0, "127.0.0.1", () => {
        const address = probe.address();
        probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
      });
  });

/** Of silence: a platform that starts says every second how far it has checked its data. */
const START_MS = 60_000;

type Run = { readonly child: ChildProcess; readonly output: () => string };

/** The platform did not start: what it said, and its exit status. */
export class NotStarted extends Error {
  constructor(
    readonly said: string,
    readonly status: number | null,
  ) {
    super(`the platform did not start: ${said}`);
  }
}

const LIMIT_UNIT = 512;

const start = async (options: PlatformOptions): Promise<Run> => {
  const {
    data,
    port,
    awsPort,
    faults,
    fileLimit,
    recover,
    environments,
    stack,
    schedule = "rate(1 second)",
  } = options;
  const args = [
    ...[join(__dirname, "local.js"), "--data", data, "--port", String(port), "--aws-port", String(awsPort)],
    ...["--console-port", "off"],
    ...(faults === undefined ? [] : ["--faults", faults]),
    ...(stack === undefined ? [] : ["--stack", stack]),
    ...(recover === true ? ["--recover"] : []),
    ...["--schedule", schedule],
  ];
  const [program, ...all] =
    fileLimit === undefined
      ? [process.execPath, ...args]
      : [
          "sh",
          "-c",
          `ulimit -f ${Math.ceil(fileLimit / LIMIT_UNIT)} && exec "$@"`,
          "sh",
          process.execPath,
          ...args,
        ];
  const env = environments === undefined ? {} : { ORDERS_ENVIRONMENTS: environments };
  const child = spawn(program, all, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  const kill = (): void => {
    child.kill("SIGKILL");
  };
  process.once("exit", kill);
  child.once("close", () => process.off("exit", kill));
  let output = "";
  let saidAt = Date.now();
  const keep = (chunk: Buffer): void => {
    output = `${output}${chunk.toString()}`.slice(-10_000);
    saidAt = Date.now();
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const closed = once(child, "close");
  while (!output.includes("ready in")) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() - saidAt > START_MS) {
      child.kill("SIGKILL");
      await closed;
      throw new NotStarted(output.trim(), child.exitCode);
    }
    await sleep(20);
  }
  return { child, output: () => output };
};

const end = async ({ child }: Run, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "close");
  child.kill(signal);
  await ended;
};

/** The local platform as a process that can be killed and started again on the same ports and data. */
export const startPlatform = async (given: PlatformOptions) => {
  let options = given;
  let run = await start(options);
  return {
    apiUrl: `http://127.0.0.1:${options.port}`,
    awsUrl: `http://127.0.0.1:${options.awsPort}`,
    /** SIGKILL, then a start on what is left, from now on with the given options, if any. */
    killAndStart: async (others: Partial<PlatformOptions> = {}): Promise<void> => {
      await end(run, "SIGKILL");
      options = { ...options, ...others };
      run = await start(options);
    },
    /** Whether it ended by itself within so many milliseconds, and its last words. */
    ended: async (ms: number): Promise<string | undefined> => {
      for (const until = Date.now() + ms; Date.now() < until;) {
        if (run.child.exitCode !== null) return run.output();
        await sleep(50);
      }
      return undefined;
    },
    /** The latest of what it has printed since it was started. */
    said: () => run.output(),
    stop: () => end(run, "SIGTERM"),
  };
};

export type Platform = Awaited<ReturnType<typeof startPlatform>>;
