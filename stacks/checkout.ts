/** What is checked out here, by its commit, and whether the files are that commit's. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as t from "io-ts";

const git = (...args: ReadonlyArray<string>): string =>
  execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

/** What a release is made of; a file here takes part in it before anybody has added it to the repository. */
const SOURCES =
  /^((environments|functions|lib|modules|stacks|cli)\/|(main\.ts|package\.json|package-lock\.json|\.npmrc)$)/;

const UNTRACKED = "?? ";

/** A line for each file that differs from the commit. */
export const changedFiles = (): ReadonlyArray<string> => {
  try {
    return git("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all")
      .split("\0")
      .filter((entry) => entry !== "" && (!entry.startsWith(UNTRACKED) || SOURCES.test(entry.slice(3))))
      .map(
        (entry) =>
          `${entry.slice(3)}: ${entry.startsWith(UNTRACKED) ? "is not in" : "differs from"} the commit`,
      );
  } catch {
    return [`${resolve(".")}: is not a repository`];
  }
};

/** The commit that is checked out, with `+changes` where files differ from it; `unknown` outside a repository. */
export const currentCommit = (): string => {
  try {
    const commit = git("rev-parse", "HEAD").trim();
    return changedFiles().length === 0 ? commit : `${commit}+changes`;
  } catch {
    return "unknown";
  }
};

/** Whether this names one state of the files; `…+changes` and `unknown` stand for any number of them. */
export const isWholeCommit = (commit: string): boolean => /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(commit);

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

const Package = t.type({ version: t.string });

/** The version in `package.json`. */
export const currentVersion = (): string => {
  const manifest: unknown = JSON.parse(readFileSync("package.json", "utf8"));
  return Package.is(manifest) ? manifest.version : "";
};
