import { execFileSync } from "node:child_process";

const git = (folder: string, ...args: ReadonlyArray<string>): string =>
  execFileSync("git", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();

/**
 * The commit that is checked out, with `+changes` if files differ from it; `unknown` outside a repository.
 * @param folder in the repository
 */
export const currentCommit = (folder: string): string => {
  try {
    const changed = git(folder, "status", "--porcelain", "--untracked-files=no") !== "";
    return `${git(folder, "rev-parse", "HEAD")}${changed ? "+changes" : ""}`;
  } catch {
    return "unknown";
  }
};
