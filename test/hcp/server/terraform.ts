import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Executor } from "./executor";

const INIT_SECONDS = 240;
const RUN_SECONDS = 600;
const PLAN_FILE = "run.tfplan";

type Command = {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly log: (text: string) => void;
};

/**
 * Runs terraform to its end, its time limit or its cancellation, in a group of its own that is ended whole.
 * @returns its standard output; `log` is told of both
 */
const terraform = (
  args: ReadonlyArray<string>,
  { folder, env, seconds, signal, log }: Command,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn("terraform", args, {
      cwd: folder,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const end = (how: NodeJS.Signals): void => {
      if (child.pid === undefined || child.exitCode !== null) return;
      try {
        process.kill(-child.pid, how);
      } catch {
        // It ended in the meantime.
      }
    };
    const stop = (): void => {
      // Terraform writes its state on SIGINT; what has not ended soon after is killed.
      end("SIGINT");
      setTimeout(() => end("SIGKILL"), 5_000).unref();
    };
    const kill = (): void => end("SIGKILL");
    const limit = setTimeout(stop, seconds * 1_000);
    signal.addEventListener("abort", stop, { once: true });
    process.once("exit", kill);
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      log(text);
    });
    child.stderr.setEncoding("utf8").on("data", log);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(limit);
      signal.removeEventListener("abort", stop);
      process.removeListener("exit", kill);
      if (code === 0) resolve(stdout);
      else reject(new Error(`terraform ${args[0] ?? ""} ended with ${code ?? "a signal"}`));
    });
    if (signal.aborted) stop();
  });

/** @param env for terraform and its providers: credentials, CLI configuration, certificates */
export const terraformExecutor = (env: NodeJS.ProcessEnv): Executor => ({
  plan: async ({ folder, state, refreshOnly, destroy, log, signal }) => {
    const command = { folder, env: { ...env, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" }, signal };
    // The supported way to replace a cloud block: an override file, which no uploaded file is edited for.
    writeFileSync(
      join(folder, "server_override.tf.json"),
      JSON.stringify({ terraform: { backend: { local: { path: state } } } }),
    );
    let setup = "";
    await terraform(["init", "-input=false", "-no-color"], {
      ...command,
      seconds: INIT_SECONDS,
      log: (text) => {
        setup += text;
      },
    }).catch((error: unknown) => {
      log(setup);
      throw error;
    });
    await terraform(
      [
        ...["plan", "-input=false", "-no-color", "-lock-timeout=30s", `-out=${PLAN_FILE}`],
        ...(refreshOnly ? ["-refresh-only"] : []),
        ...(destroy ? ["-destroy"] : []),
      ],
      { ...command, seconds: RUN_SECONDS, log },
    );
    const quiet = { ...command, seconds: INIT_SECONDS, log: () => undefined };
    const json = await terraform(["show", "-json", PLAN_FILE], quiet);
    return JSON.parse(json) as unknown;
  },
  apply: async ({ folder, log, signal }) => {
    await terraform(["apply", "-input=false", "-no-color", PLAN_FILE], {
      folder,
      env: { ...env, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" },
      seconds: RUN_SECONDS,
      signal,
      log,
    });
  },
});
