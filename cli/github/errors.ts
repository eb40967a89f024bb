/** What `npm run github` can end with: the exit status, and what a person is told. */
import { type Failure, failure } from "../../lib/command";

const REFUSED = 1;
const NOT_ANSWERED = 3;

/** Where GitHub answered, with its status. */
export type GitHubError = Failure & { readonly answered?: number };

/** Something is not as a release needs it: a line for each. */
export const refused = (headline: string, lines: ReadonlyArray<string>): GitHubError =>
  failure(REFUSED, [headline, ...lines.map((line) => `  ${line}`)].join("\n"));

/** GitHub answers 404 as well for what a token may not see. */
const ADVICE: Readonly<Record<number, string>> = {
  401: "the token is not valid any more",
  403: "add the permission to the job's `permissions`",
  404: "there is none, or the job's `permissions` do not show it",
};

/** @param what completes "cannot …" */
export const failed = (what: string, why: string): GitHubError =>
  failure(NOT_ANSWERED, `cannot ${what}: ${why}`);

/** @param detail GitHub's own text */
export const answered = (what: string, status: number, detail: string): GitHubError => {
  const advice = ADVICE[status];
  const why = [
    `GitHub answered ${status}`,
    ...(detail === "" ? [] : [detail]),
    ...(advice === undefined ? [] : [advice]),
  ].join(": ");
  return { ...failed(what, why), answered: status };
};
