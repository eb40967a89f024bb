import { isWholeCommit } from "./commit";

/** Everything that can go wrong with a run, the exit status of each, and what a person is told. */

/** What the server answered when it did not do what it was asked; `what` says that, `detail` is its own text. */
type Answered = { readonly what: string; readonly status: number; readonly detail: string };
/** A run that cannot go on, and where a person sees it. */
type OfRun = { readonly run: string; readonly link: string; readonly detail: string };

export type HcpError =
  | { readonly _tag: "Usage"; readonly message: string }
  | { readonly _tag: "NoToken"; readonly host: string; readonly variable: string }
  | { readonly _tag: "Unreachable"; readonly what: string; readonly cause: string }
  | { readonly _tag: "NotHcp"; readonly what: string; readonly detail: string }
  | ({ readonly _tag: "Unauthorized" } & Answered)
  | ({ readonly _tag: "Forbidden" } & Answered)
  | ({ readonly _tag: "NotFound" } & Answered)
  | ({ readonly _tag: "Conflict" } & Answered)
  | ({ readonly _tag: "Rejected" } & Answered)
  | ({ readonly _tag: "RateLimited" } & Answered)
  | ({ readonly _tag: "ServerFault" } & Answered)
  | { readonly _tag: "Locked"; readonly workspace: string; readonly link: string }
  | ({ readonly _tag: "NotPickedUp" } & OfRun)
  | ({ readonly _tag: "TookTooLong" } & OfRun)
  | ({ readonly _tag: "PolicyFailed" } & OfRun)
  | ({ readonly _tag: "RunFailed" } & OfRun)
  | ({ readonly _tag: "Discarded" } & OfRun)
  | ({ readonly _tag: "NotConfirmable" } & OfRun)
  | { readonly _tag: "NoSavedPlan"; readonly environment: string; readonly commit: string }
  | {
      readonly _tag: "NotPromotable";
      readonly environment: string;
      /** Where the commit must have been applied first. */
      readonly from: string;
      readonly commit: string;
      readonly link: string;
      /** What was applied there last; none: nothing. */
      readonly newest: string | undefined;
    };

export const DRIFTED = 3;
export const INTERRUPTED = 130;

const EXITS: Readonly<Record<HcpError["_tag"], { readonly code: number; readonly meaning: string }>> = {
  Usage: { code: 2, meaning: "wrong use, a faulty environment file, or no synthesized stack" },
  Unreachable: { code: 10, meaning: "no answer: network, name or certificate" },
  NoToken: { code: 11, meaning: "no token for the host" },
  Unauthorized: { code: 12, meaning: "401: the token is not valid" },
  Forbidden: { code: 13, meaning: "403: the token may not do this" },
  NotFound: { code: 14, meaning: "404: no such organization, workspace or run, or none the token may see" },
  Conflict: { code: 15, meaning: "409: the run or workspace is not in a state that allows this" },
  Rejected: { code: 16, meaning: "422 or another 4xx: the request was refused" },
  RateLimited: { code: 17, meaning: "429: still too many requests after waiting as asked" },
  ServerFault: { code: 18, meaning: "5xx: still failing after several tries" },
  NotHcp: { code: 19, meaning: "an answer this command does not understand" },
  Locked: { code: 20, meaning: "the workspace is locked" },
  NotPickedUp: { code: 21, meaning: "nothing started the run in time (no free agent or worker)" },
  TookTooLong: { code: 22, meaning: "the run started and did not end in time" },
  PolicyFailed: { code: 23, meaning: "a policy check failed" },
  RunFailed: { code: 24, meaning: "plan or apply failed" },
  Discarded: {
    code: 25,
    meaning: "the run was discarded or cancelled, or other changes made its plan stale",
  },
  NotConfirmable: {
    code: 26,
    meaning: "the run is not one that can be applied (speculative, or not planned yet)",
  },
  NoSavedPlan: { code: 27, meaning: "there is no saved plan of this commit to apply" },
  NotPromotable: {
    code: 28,
    meaning: "this commit was not applied to the environment it must be promoted from",
  },
};

export const exitCode = ({ _tag }: HcpError): number => EXITS[_tag].code;

/** The table of `--help`. */
export const exitTable = (): string =>
  [
    { code: 0, meaning: "done; nothing drifted" },
    { code: DRIFTED, meaning: "drift: resources differ from what was applied" },
    ...Object.values(EXITS),
    { code: INTERRUPTED, meaning: "interrupted (Ctrl-C)" },
  ]
    .sort((a, b) => a.code - b.code)
    .map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`)
    .join("\n");

const answered = ({ what, status, detail }: Answered): string =>
  `cannot ${what}: ${status}${detail === "" ? "" : `: ${detail}`}`;

const howToCancel = ({ run }: OfRun): string => `cancel it: npm run hcp -- cancel ENVIRONMENT --run ${run}`;

export const explain = (error: HcpError): string => {
  switch (error._tag) {
    case "Usage":
      return error.message;
    case "NoToken":
      return `no token for ${error.host}: set ${error.variable}, or run terraform login ${error.host}`;
    case "Unreachable":
      return `cannot ${error.what}: no answer: ${error.cause}`;
    case "NotHcp":
      return `cannot ${error.what}: the answer is not one of HCP Terraform's: ${error.detail}`;
    case "Unauthorized":
      return `${answered(error)}. The token is not valid (expired or revoked?); make a new one with terraform login.`;
    case "Forbidden":
      return `${answered(error)}. The token is valid, but its team or user may not do this in the workspace.`;
    case "NotFound":
      return `${answered(error)}. Check the names in the environment file; what a token may not see is answered this way too.`;
    case "Conflict":
      return `${answered(error)}. Somebody else may have acted on it; look with: npm run hcp -- status ENVIRONMENT`;
    case "Rejected":
      return answered(error);
    case "RateLimited":
      return `${answered(error)}. Waited as long as it asked, several times; try again later.`;
    case "ServerFault":
      return `${answered(error)}. Tried several times; it is not known to have been done.`;
    case "Locked":
      return `workspace ${error.workspace} is locked; whoever locked it must unlock it: ${error.link}`;
    case "NotPickedUp":
      return `${error.run}: nothing picked it up: ${error.detail}. It still waits: ${error.link}\n${howToCancel(error)}`;
    case "TookTooLong":
      return `${error.run}: ${error.detail}. It still runs: ${error.link}\n${howToCancel(error)}`;
    case "PolicyFailed":
      return `${error.run}: a policy check failed: ${error.detail}; see ${error.link}`;
    case "RunFailed":
      return `${error.run}: ${error.detail}\nsee ${error.link}`;
    case "Discarded":
      return `${error.run}: ${error.detail}; plan again. See ${error.link}`;
    case "NotConfirmable":
      return `${error.run}: ${error.detail}; see ${error.link}`;
    case "NoSavedPlan":
      return `there is no saved plan of commit ${error.commit}; make and review one: npm run hcp -- plan ${error.environment}`;
    case "NotPromotable":
      if (!isWholeCommit(error.commit))
        return [
          `${error.environment} takes a commit that was applied to ${error.from}, and "${error.commit}" is none: nothing tells it from other changes`,
          `commit, apply that to ${error.from}, and plan it here: ${error.link}`,
        ].join("\n");
      return [
        `${error.environment} takes what was applied to ${error.from}, and commit ${error.commit} was not: ${error.link}`,
        error.newest === undefined
          ? `nothing was applied to ${error.from} yet`
          : `applied there last: ${error.newest}`,
        `apply it to ${error.from} first; in an emergency, say --hotfix "who decided it, and why"`,
      ].join("\n");
  }
};
