import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

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

/** Beside a stack's folder, not in it: the same stack of two commits stays the same upload. */
const markOf = (folder: string): string => `${folder}.commit`;

/** Notes which commit a stack was synthesized of. */
export const markSynthesized = (folder: string, commit: string): void =>
  writeFileSync(markOf(folder), `${commit}\n`);

/** The commit a stack was synthesized of; undefined if it was not `npm run synth` that made it. */
export const synthesizedOf = (folder: string): string | undefined =>
  existsSync(markOf(folder)) ? readFileSync(markOf(folder), "utf8").trim() : undefined;

/**
 * The message of a run says which commit it plans; that is how `apply` finds it again.
 * @param hotfix who decided that it comes here without having been where it must come from, and why
 */
export const messageOf = (
  environment: string,
  commit: string,
  digest: string,
  hotfix: string | undefined,
): string =>
  `orders ${environment}, commit ${commit}, stack ${digest.slice(0, 12)}${hotfix === undefined ? "" : `, HOTFIX: ${hotfix}`}`;

/** The commit a run's message names; a run that was made in another way names none. */
export const commitIn = (message: string): string | undefined =>
  /^orders \S+, commit (\S+), stack /.exec(message)?.[1];

/** Whether this names one state of the files; `…+changes` and `unknown` stand for any number of them. */
export const isWholeCommit = (commit: string): boolean => /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(commit);

/** Whether somebody decided, when it was planned, that a run need not have been anywhere else before. */
export const isHotfix = (message: string): boolean => message.includes(", HOTFIX: ");

export const isOfCommit = (message: string, commit: string): boolean => commitIn(message) === commit;
