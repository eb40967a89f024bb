import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { BuildFailure } from "esbuild";
import { isSame, replace, root } from "./files.mts";
import { buildFunctions, functionsBuild, sourcesKey, writeFunctions } from "./functions.mts";
import { appBuild } from "./programs.mts";

const isBuildFailure = (error: unknown): error is BuildFailure => error instanceof Error && "errors" in error;

const messagesOf = (error: unknown): ReadonlyArray<string> =>
  isBuildFailure(error)
    ? error.errors.map(
        ({ text, location }) =>
          `error: ${location === null ? "" : `${location.file}:${location.line}:${location.column + 1}: `}${text}`,
      )
    : [`error: ${String(error)}`];

/** Prints the compiler's errors, and once there are none any more, that. */
const watchTypes = (): (() => void) => {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const args = [tsc, "--noEmit", "--watch", "--preserveWatchOutput", "--pretty", "false"];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let faulty = false;
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.includes(": error TS")) console.log(`types ${line}`);
    else if (faulty && line.includes("Found 0 errors")) console.log("types ok");
    faulty = line.includes(": error TS") || (faulty && !line.includes("Found 0 errors"));
  });
  return () => child.kill();
};

/** Builds the functions and the app again at each change, and prints which are others: `npm start -- --watch` reads it. */
export const watchSources = async (): Promise<void> => {
  const { context } = await import("esbuild");
  const silent = { logLevel: "silent" } as const;
  const functions = await context({ ...functionsBuild, ...silent });
  const app = await context({ ...appBuild, ...silent });
  const rebuild = async (): Promise<void> => {
    try {
      const sources = sourcesKey();
      const changed = await writeFunctions(await functions.rebuild(), sources, "changed");
      if (changed.length > 0) console.log(`functions ${changed.join(" ")}`);
      const { outputFiles = [] } = await app.rebuild();
      const others = outputFiles.filter(({ path, contents }) => !isSame(path, contents));
      for (const { path, contents } of others) replace(path, contents);
      if (others.length > 0) console.log("app");
    } catch (error) {
      for (const line of messagesOf(error)) console.log(line);
    }
  };
  await buildFunctions();
  await rebuild();
  let queued: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      queued = queued.then(rebuild);
    }, 50);
  };
  const { watch } = await import("chokidar");
  watch(
    ["main.ts", "functions", "lib", "stacks", "modules", "environments"].map((name) => join(root, name)),
    { ignoreInitial: true },
  ).on("all", soon);
  const stopTypes = watchTypes();
  // Whoever started this has gone, or wants no more of it.
  process.stdin.resume().once("end", () => {
    stopTypes();
    process.exit(0);
  });
  console.log("watching");
};
