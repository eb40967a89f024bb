/** Environment files in earlier commits: which there were, and where their state was. */
import { execFileSync } from "node:child_process";
import * as t from "io-ts";
import type { StatePlace } from "../../environments/backend";
import { Backend } from "../../environments/environment";
import { jsonOrUndefined } from "../../lib/json";

const git = (...args: ReadonlyArray<string>): string => {
  try {
    return execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return "";
  }
};

const lines = (text: string): ReadonlyArray<string> => text.split("\n").filter((line) => line !== "");

/** Whether this checkout has a commit: a shallow one has few. */
export const isKnown = (commit: string): boolean => git("rev-list", "--max-count=1", commit, "--") !== "";

const Placed = t.type({ backend: Backend });

const fileOf = (name: string): string => `environments/${name}.json`;

const backendAt = (commit: string, name: string): ReadonlyArray<Backend> => {
  const json = jsonOrUndefined(git("show", `${commit}:${fileOf(name)}`));
  return Placed.is(json) ? [json.backend] : [];
};

const isSame = (one: Backend, other: Backend): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Where a file of this name has kept its state, the newest first, each once. */
export const placesOf = (name: string): ReadonlyArray<StatePlace> =>
  lines(git("log", "--format=%H", "--", fileOf(name)))
    .flatMap((commit) => backendAt(commit, name))
    .filter((backend, index, all) => all.findIndex((other) => isSame(other, backend)) === index)
    .map((backend) => ({ name, backend }));

/** The environments that a commit has files of; none where this checkout does not know the commit. */
export const placesAt = (commit: string): ReadonlyArray<StatePlace> =>
  lines(git("ls-tree", "--name-only", commit, "environments/"))
    .flatMap((path) => /^environments\/(\w+)\.json$/.exec(path)?.[1] ?? [])
    .flatMap((name) => backendAt(commit, name).map((backend) => ({ name, backend })));
