/** `npm run github -- COMMAND …`: what the workflows ask GitHub and tell people; see USAGE. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { finish } from "./finish";
import { approvals } from "./github/approvals";
import type { Repository } from "./github/api";
import { comment } from "./github/comment";
import { type Checked, drift } from "./github/drift";
import { EXITS, explain, type GitHubError, usage } from "./github/errors";
import { readDrift, readPlan } from "./github/report";
import { releaseTag } from "./github/tag";

const USAGE = `Usage: npm run github -- COMMAND …

  tag TAG                      refuses a tag that is no release: v1.2.3, as package.json has it, on main
  approvals ENVIRONMENT …      refuses GitHub environments whose deployments nobody would have to approve
  comment NUMBER ENVIRONMENT   shows a plan under a pull request, in one comment that is brought up to date
  drift ENVIRONMENT …          tells what drifts in one issue: opens it, brings it up to date, or closes it

  --report FILE    comment: what npm run deploy -- plan wrote with --json; no such file: the plan failed
  --reports DIR    drift: ENVIRONMENT.json of each, written by npm run deploy -- drift; none: the check failed
  --commit COMMIT  comment: what was planned
  --main BRANCH    tag: where releases are made from (default origin/main)

Environment: GITHUB_TOKEN; and what GitHub gives every job: GITHUB_REPOSITORY, GITHUB_API_URL,
GITHUB_SERVER_URL, GITHUB_RUN_ID.

Exit status: 0 done, or as it should be; 1 refused (each reason is a line); 2 wrong use; 3 GitHub refused or
did not answer.`;

const OPTIONS = {
  report: { type: "string", default: "plan.json" },
  reports: { type: "string", default: "drifted" },
  commit: { type: "string" },
  main: { type: "string", default: "origin/main" },
  help: { type: "boolean", short: "h" },
} as const;

const parse = () => parseArgs({ allowPositionals: true, options: OPTIONS });
type Arguments = ReturnType<typeof parse>;
type Result = TE.TaskEither<GitHubError, ReadonlyArray<string>>;

const variable = (name: string): E.Either<GitHubError, string> => {
  const value = process.env[name] ?? "";
  return value === "" ? E.left(usage(`${name} is not set; a job of GitHub's has it`)) : E.right(value);
};

const repository = (): E.Either<GitHubError, Repository> =>
  pipe(
    E.Do,
    E.apS("token", variable("GITHUB_TOKEN")),
    E.apS("name", variable("GITHUB_REPOSITORY")),
    E.bind("api", () => {
      const url = process.env["GITHUB_API_URL"] ?? "https://api.github.com";
      return E.tryCatch(
        () => new URL(url),
        () => usage(`GITHUB_API_URL: ${url} is no URL`),
      );
    }),
  );

/** The log of the workflow run that this is a step of. */
const log = (name: string): string =>
  `${process.env["GITHUB_SERVER_URL"] ?? "https://github.com"}/${name}/actions/runs/${process.env["GITHUB_RUN_ID"] ?? ""}`;

const commentCommand = ({ values, positionals }: Arguments): Result => {
  const [, number = "", environment, ...others] = positionals;
  if (!/^[1-9]\d*$/.test(number) || environment === undefined || others.length > 0)
    return TE.left(usage("comment: expected a pull request's number and an environment"));
  const { commit } = values;
  if (commit === undefined) return TE.left(usage("comment: expected --commit"));
  return pipe(
    E.Do,
    E.apS("to", repository()),
    E.apS("report", readPlan(values.report)),
    TE.fromEither,
    TE.flatMap(({ to, report }) =>
      comment(to, Number(number), { environment, commit, report, log: log(to.name) }),
    ),
  );
};

const driftCommand = ({ values, positionals }: Arguments): Result => {
  const [, ...environments] = positionals;
  if (environments.length === 0) return TE.left(usage("drift: expected environments"));
  return pipe(
    E.Do,
    E.apS("to", repository()),
    E.apS(
      "all",
      pipe(
        environments,
        E.traverseArray((environment) =>
          pipe(
            readDrift(join(values.reports, `${environment}.json`)),
            E.map((report): Checked => ({ environment, report })),
          ),
        ),
      ),
    ),
    TE.fromEither,
    TE.flatMap(({ to, all }) => drift(to, all, log(to.name))),
  );
};

const command = (args: Arguments): Result => {
  const [name, ...operands] = args.positionals;
  const [first] = operands;
  switch (name) {
    case "tag":
      return first !== undefined && operands.length === 1
        ? TE.fromEither(releaseTag(first, args.values.main))
        : TE.left(usage("tag: expected one tag"));
    case "approvals":
      return operands.length === 0
        ? TE.left(usage("approvals: expected GitHub environments"))
        : pipe(
            TE.fromEither(repository()),
            TE.flatMap((from) => approvals(from, operands)),
          );
    case "comment":
      return commentCommand(args);
    case "drift":
      return driftCommand(args);
    case undefined:
      return TE.left(usage(`expected a command\n\n${USAGE}`));
    default:
      return TE.left(usage(`${name} is no command\n\n${USAGE}`));
  }
};

const parsed = E.tryCatch(parse, (error) => usage(error instanceof Error ? error.message : String(error)));

if (E.isRight(parsed) && parsed.right.values.help === true) console.log(USAGE);
else
  void finish(
    { name: "github", explain, exits: EXITS, otherwise: 3 },
    pipe(TE.fromEither(parsed), TE.flatMap(command)),
  );
