import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";

/** The local platform as a process that can be killed and started again on the same ports and data. */
export type Platform = {
  readonly apiUrl: string;
  readonly awsUrl: string;
  /** SIGKILL, and a start on what is left. */
  readonly killAndStart: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

export type PlatformOptions = {
  readonly data: string;
  readonly port: number;
  readonly awsPort: number;
  /** A fault plan's file. */
  readonly faults: string;
};

const START_MS = 30_000;

const start = async ({ data, port, awsPort, faults }: PlatformOptions): Promise<ChildProcess> => {
  const options = ["--data", data, "--port", String(port), "--aws-port", String(awsPort), "--faults", faults];
  const child = spawn(
    process.execPath,
    [join(__dirname, "local.js"), ...options, "--schedule", "rate(1 second)"],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  const keep = (chunk: Buffer): void => {
    if (output.length < 10_000) output += chunk.toString();
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const givenUp = Date.now() + START_MS;
  while (!output.includes("ready in")) {
    if (child.exitCode !== null || Date.now() > givenUp) {
      child.kill("SIGKILL");
      throw new Error(`the platform did not start: ${output.trim()}`);
    }
    await sleep(20);
  }
  return child;
};

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "close");
  child.kill(signal);
  await ended;
};

export const startPlatform = async (options: PlatformOptions): Promise<Platform> => {
  let child = await start(options);
  process.once("exit", () => child.kill("SIGKILL"));
  return {
    apiUrl: `http://127.0.0.1:${options.port}`,
    awsUrl: `http://127.0.0.1:${options.awsPort}`,
    killAndStart: async () => {
      await end(child, "SIGKILL");
      child = await start(options);
    },
    stop: () => end(child, "SIGTERM"),
  };
};
