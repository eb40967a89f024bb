/** A commit goes from one environment to the next: it must have been applied there before it is planned here. */
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { isOfCommit, isWholeCommit } from "./commit";
import type { Run } from "./documents";
import type { HcpError } from "./errors";
import type { Session } from "./session";
import { standingOf } from "./standing";
import { linkTo } from "./target";

/**
 * Applied, or planned with nothing to change, which comes to the same. One that only took note of what had
 * drifted brought no other release.
 */
const isApplied = (run: Run): boolean =>
  !run.speculative && !run.refreshOnly && standingOf(run) === "finished";

const finishedAt = (run: Run): number => Date.parse(run.finishedAt ?? run.createdAt);

/** What an environment runs: a plan may be applied long after it was made, and after newer ones. */
export const lastApplied = (runs: ReadonlyArray<Run>): Run | undefined =>
  runs
    .filter(isApplied)
    .toSorted((a, b) => finishedAt(b) - finishedAt(a))
    .at(0);

/**
 * Fails with `NotPromotable` unless what was applied there last is of this commit: an older one that was
 * rolled back since is not what runs there.
 *
 * @param commit a whole one: changes that nobody committed cannot be told from others
 * @param elsewhere opens the session of the environment to be promoted from
 */
export const promotable =
  (commit: string, elsewhere: (environment: string) => TE.TaskEither<HcpError, Session>) =>
  ({ target }: Pick<Session, "target">): TE.TaskEither<HcpError, string> => {
    const { promotedFrom: from, environment } = target;
    if (from === undefined) return TE.right(`${environment} is promoted from nowhere: any commit may come`);
    return pipe(
      elsewhere(from),
      TE.bindTo("session"),
      TE.bind("runs", ({ session }) => session.api.appliedRuns(session.workspace.id)),
      TE.flatMap(({ session, runs }) => {
        const last = lastApplied(runs);
        return last !== undefined && isWholeCommit(commit) && isOfCommit(last.message, commit)
          ? TE.right(`commit ${commit} is applied to ${from} (${last.id}): it may come to ${environment}`)
          : TE.left<HcpError, string>({
              _tag: "NotPromotable",
              environment,
              from,
              commit,
              link: linkTo(session.target),
              newest: last?.message,
            });
      }),
    );
  };
