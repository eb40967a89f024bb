/** `npm start -- --watch`: what is saved runs, and what is wrong with it is shown. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Activity } from "./activity";
import { isObject, parseJson } from "./json";
import { root } from "./paths";
import type { Platform } from "./platform";
import { messageOf } from "./start-error";
import { type ApiAuth, synthesize } from "./synthesize";

/** What a stack declares, without the code of its functions, which is swapped, and the release that it makes of it. */
const declaredIn = (folder: string): string => {
  const stack = parseJson(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
  const { output = null, ...declared } = isObject(stack) ? stack : {};
  const outputs = isObject(output) ? { ...output, release: null } : output;
  return JSON.stringify({ ...declared, outputs }, (key, value: unknown) =>
    key === "filename" || key === "source_code_hash" ? undefined : value,
  );
};

/** Returns how to stop it. */
export const watchSources = (
  platform: Platform,
  activity: Activity,
  auth: ApiAuth | undefined,
): (() => void) => {
  const declared = declaredIn(platform.stackFolder);
  const compareStack = async (): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), "orders-stack-"));
    try {
      const changed = declaredIn(await synthesize(join(folder, "out"), auth)) !== declared;
      if (changed) activity.build("the stack is another now: restart npm start to run it");
    } catch (error) {
      activity.complaint("build", messageOf(error));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  const onLine = (line: string): void => {
    const [what = "", ...words] = line.split(" ");
    const rest = words.join(" ");
    if (what === "watching") activity.build("watching the sources");
    else if (what === "app") void compareStack();
    else if (what === "error:") activity.complaint("build", rest);
    else if (what === "types")
      if (rest === "ok") activity.build("the types are right again");
      else activity.complaint("types", rest);
    else if (what === "functions") {
      for (const name of words) platform.swap(name);
      activity.build(`${words.join(", ")} swapped`);
    }
  };
  // It ends when its input does, so with the platform, however that ends.
  const build = spawn(process.execPath, ["cli/build.mts", "--quiet", "--watch"], {
    cwd: root,
    stdio: ["pipe", "pipe", "inherit"],
  });
  createInterface({ input: build.stdout }).on("line", onLine);
  return () => build.stdin.end();
};
