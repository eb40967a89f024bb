import { execFileSync } from "node:child_process";
import { cpSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

/** This repository as it is, committed or not, in a repository of its own in which a test may change things. */
export type Checkout = {
  readonly folder: string;
  readonly git: (...args: ReadonlyArray<string>) => string;
  readonly build: () => void;
};

/**
 * @param folder does not exist yet
 * @param prepare changes files before the first commit
 */
export const checkoutIn = (folder: string, prepare: () => void = () => undefined): Checkout => {
  const git: Checkout["git"] = (...args) =>
    execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    encoding: "utf8",
  });
  for (const name of files.split("\0")) if (name !== "") cpSync(name, join(folder, name));
  prepare();
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--message", "a release");
  // What is not in the repository, as after npm ci.
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"), "dir");
  return {
    folder,
    git,
    build: () => {
      execFileSync(process.execPath, ["cli/build.mts", "--quiet"], { cwd: folder });
    },
  };
};
