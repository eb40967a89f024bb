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

/** What Git says of a file: that it is changed, unmerged or untracked. Before the path are a state, modes and hashes. */
const ENTRY = /^(?:(?:1(?: \S+){7}|u(?: \S+){9})|(\?)) (.*)$/s;

type Checkout = {
  readonly commit: string;
  /** A line for each file that differs from the commit. */
  readonly changed: ReadonlyArray<string>;
};

const checkout = (): Checkout => {
  try {
    const entries = git(
      "status",
      "--porcelain=v2",
      "--branch",
      "-z",
      "--no-renames",
      "--untracked-files=all",
    );
    const [, commit = "unknown"] = /^# branch\.oid ([0-9a-f]+)\0/m.exec(entries) ?? [];
    const changed = entries.split("\0").flatMap((entry) => {
      const [, untracked, file] = ENTRY.exec(entry) ?? [];
      if (file === undefined || (untracked !== undefined && !SOURCES.test(file))) return [];
      return [`${file}: ${untracked === undefined ? "differs from" : "is not in"} the commit`];
    });
    return { commit, changed };
  } catch {
    return { commit: "unknown", changed: [`${resolve(".")}: is not a repository`] };
  }
};

/** A line for each file that differs from the commit. */
export const changedFiles = (): ReadonlyArray<string> => checkout().changed;

/** The commit that is checked out, with `+changes` where files differ from it; `unknown` outside a repository. */
export const currentCommit = (): string => {
  const { commit, changed } = checkout();
  return commit === "unknown" || changed.length === 0 ? commit : `${commit}+changes`;
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
