/** A commit goes from one environment to the next: it must have been applied there before it is planned here. */
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { isOfCommit } from "./commit";
import type { Run } from "./documents";
import type { HcpError } from "./errors";
import type { Session } from "./session";
import { standingOf } from "./standing";
import { linkTo } from "./target";

/** Applied, or planned with nothing to change, which comes to the same. */
const isApplied = (run: Run): boolean => !run.speculative && standingOf(run) === "finished";

/**
 * Fails with `NotPromotable` unless the newest run that is applied there is of this commit: an older one that
 * was rolled back since is not what runs there.
 *
 * @param elsewhere opens the session of the environment to be promoted from
 */
export const promotable =
  (commit: string, elsewhere: (environment: string) => TE.TaskEither<HcpError, Session>) =>
  ({ target }: Pick<Session, "target">): TE.TaskEither<HcpError, string> => {
    const { promotedFrom: from, environment } = target;
    if (from === undefined) return TE.right(`${environment} is promoted from nowhere: any commit may come`);
    return pipe(
      elsewhere(from),
      TE.flatMap((session) =>
        pipe(
          session.api.runs(session.workspace.id),
          TE.flatMap((runs) => {
            const newest = runs.find(isApplied);
            return newest !== undefined && isOfCommit(newest.message, commit)
              ? TE.right(
                  `commit ${commit} is applied to ${from} (${newest.id}): it may come to ${environment}`,
                )
              : TE.left<HcpError, string>({
                  _tag: "NotPromotable",
                  environment,
                  from,
                  commit,
                  link: linkTo(session.target),
                  newest: newest?.message,
                });
          }),
        ),
      ),
    );
  };
