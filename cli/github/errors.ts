/** What `npm run github` can end with, the exit status of each, and what a person is told. */

export type GitHubError =
  | { readonly _tag: "Usage"; readonly message: string }
  /** Something is not as a release needs it: a line for each. */
  | { readonly _tag: "Refused"; readonly headline: string; readonly lines: ReadonlyArray<string> }
  /** `what` completes "cannot …", `detail` is GitHub's own text. */
  | { readonly _tag: "Answered"; readonly what: string; readonly status: number; readonly detail: string }
  | { readonly _tag: "Unreachable"; readonly what: string; readonly cause: string }
  | { readonly _tag: "NotGitHub"; readonly what: string; readonly detail: string };

export const usage = (message: string): GitHubError => ({ _tag: "Usage", message });
export const refused = (headline: string, lines: ReadonlyArray<string>): GitHubError => ({
  _tag: "Refused",
  headline,
  lines,
});

export const EXITS: Readonly<Record<GitHubError["_tag"], number>> = {
  Refused: 1,
  Usage: 2,
  Answered: 3,
  Unreachable: 3,
  NotGitHub: 3,
};

/** GitHub answers 404 as well for what a token may not see. */
const ADVICE: Readonly<Record<number, string>> = {
  401: "the token is not valid any more",
  403: "add the permission to the job's `permissions`",
  404: "there is none, or the job's `permissions` do not show it",
};

export const explain = (error: GitHubError): string => {
  switch (error._tag) {
    case "Usage":
      return error.message;
    case "Refused":
      return [error.headline, ...error.lines.map((line) => `  ${line}`)].join("\n");
    case "Answered": {
      const advice = ADVICE[error.status];
      return [
        `cannot ${error.what}: GitHub answered ${error.status}`,
        ...(error.detail === "" ? [] : [error.detail]),
        ...(advice === undefined ? [] : [advice]),
      ].join(": ");
    }
    case "Unreachable":
      return `cannot ${error.what}: no answer from GitHub: ${error.cause}`;
    case "NotGitHub":
      return `cannot ${error.what}: an answer this command does not understand: ${error.detail}`;
  }
};
