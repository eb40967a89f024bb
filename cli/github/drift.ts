/** The drift issue: opened for the first drift, updated, closed after the last. */
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { findIn, type Repository, send } from "./api";
import { driftMarkdown, type DriftReport } from "../deploy/drift";
import { fitting } from "../deploy/show";
import type { GitHubError } from "./errors";
import { isOurs, markOf, Post } from "./post";

const Issue = t.intersection([t.type({ number: t.number }), Post, t.partial({ pull_request: t.unknown })]);
type Issue = t.TypeOf<typeof Issue>;
const Written = t.type({ html_url: t.string });

export type Checked = {
  readonly environment: string;
  /** None: the check itself failed. */
  readonly report: DriftReport | undefined;
};

const MARK = markOf("drift");
const TITLE = "What exists is not what was applied";
/** GitHub takes 65,536 characters for an issue. */
const LONGEST_SECTION = 12_000;

/** Outdated entries of known drift are reported too, or they would stay in the file. */
const isClean = ({ report }: Checked): boolean =>
  report?.drifted.length === 0 && report.outdated.length === 0;

const sectionOf = ({ environment, report }: Checked): string =>
  report === undefined
    ? `### ${environment}\n\nCould not be checked.`
    : fitting(driftMarkdown(report).trimEnd().split("\n"), LONGEST_SECTION).trimEnd();

const issueOf = (all: ReadonlyArray<Checked>, log: string): string =>
  [
    MARK,
    `Changed by other hands than a run's, as of [the last check](${log}). What to do: docs/release.md, "Drift".`,
    ...all.filter((one) => !isClean(one)).map(sectionOf),
    "",
  ].join("\n\n");

/** The issue stays the oldest one that is open, should there ever be two. */
const openIssue = (repository: Repository): TE.TaskEither<GitHubError, Issue | undefined> =>
  findIn(
    repository,
    { what: "look for the issue", path: "issues?state=open&sort=created&direction=asc" },
    Issue,
    (issue) => issue.pull_request === undefined && isOurs(MARK)(issue),
  );

const open = (repository: Repository, body: string) =>
  send(
    repository,
    { what: "open the issue", method: "POST", path: "issues", body: { title: TITLE, body } },
    Written,
  );

const change = (repository: Repository, { number }: Issue, body: Readonly<Record<string, string>>) =>
  send(
    repository,
    { what: `change issue #${number}`, method: "PATCH", path: `issues/${number}`, body },
    Written,
  );

const said =
  (verb: string) =>
  ({ html_url: link }: t.TypeOf<typeof Written>): ReadonlyArray<string> => [`${verb} ${link}`];

/** The text of an issue that is closed says so: what had drifted stands in its history. */
const closing = (log: string): string =>
  `${MARK}\n\nNothing drifts any more, as of [the last check](${log}).\n`;

export const drift = (
  repository: Repository,
  all: ReadonlyArray<Checked>,
  log: string,
): TE.TaskEither<GitHubError, ReadonlyArray<string>> =>
  pipe(
    openIssue(repository),
    TE.flatMap((issue): TE.TaskEither<GitHubError, ReadonlyArray<string>> => {
      const clean = all.every(isClean);
      if (issue === undefined)
        return clean
          ? TE.right(["nothing drifts"])
          : pipe(open(repository, issueOf(all, log)), TE.map(said("opened")));
      return clean
        ? pipe(
            change(repository, issue, { body: closing(log), state: "closed", state_reason: "completed" }),
            TE.map(said("closed")),
          )
        : pipe(change(repository, issue, { body: issueOf(all, log) }), TE.map(said("updated")));
    }),
  );
