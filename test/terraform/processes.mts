import { type ChildProcess, spawn } from "node:child_process";

/** Every process the suite starts, so that none outlives it: each leads a group of its own that can be ended whole. */
const running = new Set<ChildProcess>();

const endGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It ended in the meantime.
  }
};

export const endAll = (): void => {
  for (const child of running) endGroup(child, "SIGKILL");
};

process.on("exit", endAll);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => {
    console.error(`\n${signal}: ending what was started`);
    process.exit(130);
  });

export type Finished = { readonly code: number; readonly output: string };

export type Command = {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly seconds: number;
};

const start = (
  program: string,
  args: ReadonlyArray<string>,
  { cwd, env }: Omit<Command, "seconds">,
): ChildProcess => {
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  child.once("close", () => running.delete(child));
  return child;
};

/** Runs a program to its end, or to its time limit, which is code 124. Its output is kept whole. */
export const run = (program: string, args: ReadonlyArray<string>, command: Command): Promise<Finished> =>
  new Promise((resolve) => {
    const child = start(program, args, command);
    const chunks: string[] = [];
    const keep = (chunk: Buffer): void => {
      chunks.push(chunk.toString());
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    let late = false;
    // Terraform writes its state on SIGINT; what has not ended soon after is killed.
    const limit = setTimeout(() => {
      late = true;
      endGroup(child, "SIGINT");
      setTimeout(() => endGroup(child, "SIGKILL"), 5_000).unref();
    }, command.seconds * 1_000);
    child.once("error", (error) => chunks.push(error.message));
    child.once("close", (code) => {
      clearTimeout(limit);
      const output = chunks.join("");
      resolve(
        late
          ? { code: 124, output: `${output}\ngiven up after ${command.seconds} s` }
          : { code: code ?? 1, output },
      );
    });
  });
