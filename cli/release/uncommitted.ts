/** Whether what is built here is what the commit holds. */
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";

const git = (...args: ReadonlyArray<string>): string =>
  execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

/** What a release is made of; a file here takes part in it before anybody has added it to the repository. */
const SOURCES =
  /^((environments|functions|modules|stacks|cli)\/|(main\.ts|package\.json|package-lock\.json|\.npmrc)$)/;

const UNTRACKED = "?? ";

const changedFiles = (): ReadonlyArray<string> => {
  try {
    return git("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all")
      .split("\0")
      .filter((entry) => entry !== "" && (!entry.startsWith(UNTRACKED) || SOURCES.test(entry.slice(3))))
      .map(
        (entry) =>
          `${entry.slice(3)}: ${entry.startsWith(UNTRACKED) ? "is not in" : "differs from"} the commit`,
      );
  } catch {
    return [`${resolve(".")}: is no repository`];
  }
};

/** A line for everything that would make of a release something else than its commit. */
export const uncommitted = (environments: string): ReadonlyArray<string> => [
  ...changedFiles(),
  ...(resolve(environments) === resolve("environments")
    ? []
    : [`${environments}: ORDERS_ENVIRONMENTS names it, and the commit does not hold it`]),
];

/** The release tag of the commit that is checked out. */
export const currentTag = (): string | null => {
  try {
    return (
      git("tag", "--points-at", "HEAD")
        .split("\n")
        .find((tag) => /^v\d+\.\d+\.\d+$/.test(tag)) ?? null
    );
  } catch {
    return null;
  }
};
