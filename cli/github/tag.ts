/** Which tags are releases; a workflow's filter can only approximate it. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { wrongUse } from "../../lib/command";
import { jsonOrUndefined } from "../../lib/json";
import { type GitHubError, refused } from "./errors";

/** `v1.20.3`: no part begins with a zero, or two tags would be one version. */
const RELEASE = /^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;

const Package = t.type({ version: t.string });

const succeeds = (...args: ReadonlyArray<string>): boolean => {
  try {
    execFileSync("git", args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

/** @param main the branch releases are made from, as this checkout knows it */
export const releaseTag = (tag: string, main: string): E.Either<GitHubError, ReadonlyArray<string>> => {
  if (!RELEASE.test(tag))
    return E.left(refused(`${tag} is no release:`, ["expected v1.2.3, without leading zeros or a suffix"]));
  const ref = `refs/tags/${tag}`;
  for (const [name, what] of [
    [ref, "tag"],
    [main, "branch"],
  ] as const)
    if (!succeeds("rev-parse", "--verify", "--quiet", `${name}^{commit}`))
      return E.left(wrongUse(`${name}: there is no such ${what} in this checkout; fetch all of them`));
  const manifest = jsonOrUndefined(readFileSync("package.json", "utf8"));
  const version = Package.is(manifest) ? manifest.version : "none";
  const faults = [
    ...(tag === `v${version}` ? [] : [`the version in package.json is ${version}`]),
    ...(succeeds("merge-base", "--is-ancestor", ref, main)
      ? []
      : [`its commit is not on ${main}: nobody need have reviewed it`]),
  ];
  return faults.length === 0
    ? E.right([`${tag} is a release, of ${main}`])
    : E.left(refused(`${tag} is no release:`, faults));
};
