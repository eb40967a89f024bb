/** What the workflows ask GitHub and tell people, as a command. */
import { join } from "node:path";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { command, perform, wrongUse } from "../../lib/command";
import { deployedEnvironments } from "../environment-files";
import { approvals } from "./approvals";
import type { Repository } from "./api";
import { comment } from "./comment";
import { type Checked, drift } from "./drift";
import { tokenName } from "./environments";
import type { GitHubError } from "./errors";
import { readDrift, readMarkdown } from "./report";
import { releaseTag } from "./tag";

type Result = TE.TaskEither<GitHubError, ReadonlyArray<string>>;

const deployed = (): E.Either<GitHubError, ReadonlyArray<string>> =>
  pipe(
    deployedEnvironments(),
    E.map((all) => all.map(({ name }) => name)),
  );

const variable = (name: string): E.Either<GitHubError, string> => {
  const value = process.env[name] ?? "";
  return value === "" ? E.left(wrongUse(`${name} is not set; a job of GitHub's has it`)) : E.right(value);
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
        () => wrongUse(`GITHUB_API_URL: ${url} is no URL`),
      );
    }),
  );

/** The log of the workflow run that this is a step of. */
const log = (name: string): string =>
  `${process.env["GITHUB_SERVER_URL"] ?? "https://github.com"}/${name}/actions/runs/${process.env["GITHUB_RUN_ID"] ?? ""}`;

type CommentFlags = { readonly commit: string; readonly markdown: string };

const commentCommand = (number: string, subject: string, { commit, markdown }: CommentFlags): Result =>
  /^[1-9]\d*$/.test(number)
    ? pipe(
        TE.fromEither(repository()),
        TE.flatMap((to) =>
          comment(to, Number(number), {
            subject,
            commit,
            markdown: readMarkdown(markdown),
            log: log(to.name),
          }),
        ),
      )
    : TE.left(wrongUse(`comment: expected the number of a pull request, got ${number}`));

const checkedIn =
  (folder: string) =>
  (environment: string): E.Either<GitHubError, Checked> =>
    pipe(
      readDrift(join(folder, `${environment}.json`)),
      E.map((report) => ({ environment, report })),
    );

const driftCommand = (names: ReadonlyArray<string>, reports: string): Result =>
  pipe(
    E.Do,
    E.apS("to", repository()),
    E.apS(
      "all",
      pipe(names.length > 0 ? E.right(names) : deployed(), E.flatMap(E.traverseArray(checkedIn(reports)))),
    ),
    TE.fromEither,
    TE.flatMap(({ to, all }) => drift(to, all, log(to.name))),
  );

export const program = command("github")
  .description("What the workflows ask GitHub, and tell people there.")
  .addHelpText(
    "after",
    `
Environment: GITHUB_TOKEN; and what GitHub gives every job: GITHUB_REPOSITORY, GITHUB_API_URL,
GITHUB_SERVER_URL, GITHUB_RUN_ID. ORDERS_ENVIRONMENTS: another folder of environment files.

Exit status: 0 done, or as it should be; 1 refused (each reason is a line); 2 wrong use; 3 GitHub refused or
did not answer.`,
  );

program.addCommand(
  command("tag")
    .description("refuse a tag that is no release: v1.2.3, as package.json has it, on main")
    .argument("<tag>")
    .option("--main <branch>", "where releases are made from", "origin/main")
    .action((tag, { main: branch }) => perform(TE.fromEither(releaseTag(tag, branch)))),
);
program.addCommand(
  command("approvals")
    .description("refuse GitHub environments whose deployments nobody would have to approve")
    .argument("<environments...>")
    .action((names) =>
      perform(
        pipe(
          TE.fromEither(repository()),
          TE.flatMap((from) => approvals(from, names)),
        ),
      ),
    ),
);
program.addCommand(
  command("comment")
    .description("show a text under a pull request, in the one comment on its subject")
    .argument("<number>", "the pull request's")
    .argument("<subject>", 'such as "Plan of dev"')
    .requiredOption("--commit <commit>", "what the text is of")
    .option("--markdown <file>", "the text; no such file: what should have written it failed", "plan.md")
    .action((number, subject, flags) => perform(commentCommand(number, subject, flags))),
);
program.addCommand(
  command("drift")
    .description("tell what drifts in one issue: open it, bring it up to date, or close it")
    .argument("[environments...]", "default: all that are deployed")
    .option(
      "--reports <folder>",
      "ENVIRONMENT.json of each, written by npm run deploy -- drift; none: the check failed",
      "drifted",
    )
    .action((names, { reports }) => perform(driftCommand(names, reports))),
);
program.addCommand(
  command("environments")
    .description("the environments that are deployed, as a JSON list")
    .action(() =>
      perform(
        TE.fromEither(
          pipe(
            deployed(),
            E.map((names) => [JSON.stringify(names)]),
          ),
        ),
      ),
    ),
);
program.addCommand(
  command("token-name")
    .description("the variable that Terraform reads the token for an environment's host from")
    .argument("<environment>")
    .action((name) =>
      perform(
        TE.fromEither(
          pipe(
            tokenName(name),
            E.map((found) => [found]),
          ),
        ),
      ),
    ),
);
