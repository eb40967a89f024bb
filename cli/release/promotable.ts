/** Whether an environment may take a release: only one that the environment before it runs and was tested with. */
import * as E from "fp-ts/Either";
import { isWholeCommit } from "../../stacks/checkout";
import type { Release } from "../../stacks/release";
import { type ReleaseError, refused } from "./errors";
import { isSameRelease, type SmokeRecord } from "./smoke-record";

export type Promotion = {
  readonly environment: string;
  /** The environment it must come from. */
  readonly from: string;
  /** This checkout's release, synthesized for the environment it must come from. */
  readonly release: Release;
  /** What that environment runs. */
  readonly running: Release | undefined;
  readonly smoke: SmokeRecord | undefined;
};

const named = ({ version, commit }: Release): string => `${version} (commit ${commit})`;

/** What differs although the commit is the same. */
const differing = (from: string, release: Release, running: Release): ReadonlyArray<string> => [
  ...(release.bundles === running.bundles
    ? []
    : [`its bundles are others than this checkout builds: build them from the commit, with npm ci`]),
  ...(release.stack === running.stack
    ? []
    : [`its stack is another than this checkout makes of environments/${from}.json`]),
];

const notRunning = ({ from, release, running }: Promotion): ReadonlyArray<string> => {
  if (!isWholeCommit(release.commit))
    return [
      `this is ${release.commit}: files differ from the commit; commit them, and deploy that to ${from}`,
    ];
  if (running === undefined) return [`${from} runs no release: deploy this one there first`];
  if (running.commit !== release.commit)
    return [`${from} runs ${named(running)}, this is ${named(release)}: deploy this one there first`];
  return differing(from, release, running).map((line) => `${from} runs this commit, but ${line}`);
};

const notTested = ({ from, release, smoke }: Promotion): ReadonlyArray<string> =>
  smoke !== undefined && isSameRelease(smoke.release, release)
    ? []
    : [
        `it has not passed its smoke test there (${smoke === undefined ? "none is recorded" : `the last recorded is of ${named(smoke.release)}, ${smoke.at}`}): npm run smoke -- ${from} --record`,
      ];

/** Refuses with a line for each reason. */
export const promotable = (promotion: Promotion): E.Either<ReleaseError, string> => {
  const { environment, from, release, smoke } = promotion;
  const missing = notRunning(promotion);
  const lines = missing.length > 0 ? missing : notTested(promotion);
  return lines.length > 0
    ? E.left(
        refused(`${environment} takes only what ${from} runs and was tested with there:`, [
          ...lines,
          `what cannot wait: npm run deploy -- plan ${environment} --hotfix "who decided it, and why"`,
        ]),
      )
    : E.right(
        `${from} runs ${named(release)}, and it passed its smoke test there on ${smoke?.at ?? ""}: it may come to ${environment}`,
      );
};
