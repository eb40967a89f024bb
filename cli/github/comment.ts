/** Comments on a pull request (its plan, its preview): one for each, updated by every push. */
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { findIn, type Repository, send } from "./api";
import type { GitHubError } from "./errors";
import { isOurs, markOf, Post } from "./post";

const Comment = t.intersection([t.type({ id: t.number }), Post]);
const Written = t.type({ html_url: t.string });

export type Told = {
  /** "Plan of dev" */
  readonly subject: string;
  readonly commit: string;
  /** None: what should have written it failed. */
  readonly markdown: string | undefined;
  /** Where the workflow's log is. */
  readonly log: string;
};

const commentOn = ({ subject, commit, markdown, log }: Told): string => {
  const text = markdown?.trim() ?? `### ${subject} failed`;
  return `${markOf(subject)}\n${text}\n\nOf ${commit}: [the log](${log}).\n`;
};

export const comment = (
  repository: Repository,
  pullRequest: number,
  told: Told,
): TE.TaskEither<GitHubError, ReadonlyArray<string>> => {
  const body = commentOn(told);
  const comments = `issues/${pullRequest}/comments`;
  return pipe(
    findIn(
      repository,
      { what: `read the comments of #${pullRequest}`, path: comments },
      Comment,
      isOurs(markOf(told.subject)),
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
