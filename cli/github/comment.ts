/** The plan of a pull request: one comment under it, which every push brings up to date. */
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { findIn, type Repository, send } from "./api";
import type { GitHubError } from "./errors";
import { block, isOurs, markOf, Post } from "./post";
import type { RunReport } from "./report";

const Comment = t.intersection([t.type({ id: t.number }), Post]);
const Written = t.type({ html_url: t.string });

export type Planned = {
  readonly environment: string;
  readonly commit: string;
  /** None: the plan failed. */
  readonly report: RunReport | undefined;
  /** Where the workflow's log is. */
  readonly log: string;
};

export const commentOn = ({ environment, commit, report, log }: Planned): string => {
  const mark = markOf(`plan of ${environment}`);
  return report === undefined
    ? `${mark}\n### Plan of ${environment} failed\n\nOf ${commit}: [what it says](${log}).\n`
    : `${mark}\n### Plan of ${environment}\n\n${block(report.lines)}\n\nOf ${commit}: [the run](${report.link ?? log}).\n`;
};

export const comment = (
  repository: Repository,
  pullRequest: number,
  planned: Planned,
): TE.TaskEither<GitHubError, ReadonlyArray<string>> => {
  const body = commentOn(planned);
  const comments = `issues/${pullRequest}/comments`;
  return pipe(
    findIn(
      repository,
      { what: `read the comments of #${pullRequest}`, path: comments },
      Comment,
      isOurs(markOf(`plan of ${planned.environment}`)),
    ),
    TE.flatMap((found) =>
      send(
        repository,
        found === undefined
          ? { what: `comment on #${pullRequest}`, method: "POST", path: comments, body: { body } }
          : {
              what: `bring the comment on #${pullRequest} up to date`,
              method: "PATCH",
              path: `issues/comments/${found.id}`,
              body: { body },
            },
        Written,
      ),
    ),
    TE.map(({ html_url: link }) => [link]),
  );
};
