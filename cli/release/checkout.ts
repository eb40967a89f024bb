/** An earlier release, checked out and built beside this one. */
import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import * as E from "fp-ts/Either";
import { failed, type ReleaseError, usage } from "./errors";

const git = (...args: ReadonlyArray<string>): string =>
  execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();

const textOf = (error: unknown): string => {
  const stderr = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
  return stderr === "" ? (error instanceof Error ? error.message : String(error)) : stderr;
};

export const isTag = (tag: string): boolean =>
  E.isRight(E.tryCatch(() => git("rev-parse", "--verify", "--quiet", `refs/tags/${tag}^{commit}`), textOf));

/** Same packages: this checkout's do. Others: they are installed, which takes a minute. */
const installPackages = (folder: string, say: (line: string) => void): void => {
  const lock = (where: string): string => readFileSync(join(where, "package-lock.json"), "utf8");
  if (lock(folder) === lock(".")) {
    symlinkSync(resolve("node_modules"), join(folder, "node_modules"), "dir");
    return;
  }
  say("its packages are others than today's: installing them");
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
};

/**
 * Checks a tag out into a folder, installs what it needs and builds it.
 * @param folder does not exist yet
 * @returns how to take the checkout away again
 */
export const buildTag = (
  tag: string,
  folder: string,
  say: (line: string) => void,
): E.Either<ReleaseError, () => void> => {
  if (!isTag(tag))
    return E.left(usage(`${tag}: is no tag of this repository; fetch the tags with: git fetch --tags`));
  const takeAway = (): void => void git("worktree", "remove", "--force", folder);
  return E.tryCatch(
    () => {
      say(`building ${tag} beside this checkout`);
      git("worktree", "add", "--detach", folder, `refs/tags/${tag}`);
      installPackages(folder, say);
      execFileSync(process.execPath, ["cli/build.mts", "--quiet"], {
        cwd: folder,
        stdio: ["ignore", "ignore", "pipe"],
      });
      return takeAway;
    },
    (error) => {
      E.tryCatch(takeAway, textOf);
      return failed(`${tag} cannot be built: ${textOf(error)}`);
    },
  );
};
