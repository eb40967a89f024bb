/** `npm run preflight -- ENVIRONMENT`: the prerequisites of an environment's first apply. */
import { join } from "node:path";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { command, type Failure, failure, main, perform, wrongUse } from "../lib/command";
import { loadAccounts } from "./account/settings";
import { allEnvironments, environmentOf } from "./environment-files";
import { bootstrappedFor } from "./preflight/account";
import { awsChecks } from "./preflight/checks";
import { type Line, ok, shown, toDo } from "./preflight/result-line";
import { readsOf } from "./preflight/reads";
import { workspaceChecks } from "./preflight/workspace";
import { terraformFailure } from "./terraform/errors";
import { checkVersion } from "./terraform/terraform";
import { TESTED_TERRAFORM } from "./terraform/version";

const NOT_READY = 1;

const terraformCheck = (environment: string): TE.TaskEither<never, ReadonlyArray<Line>> =>
  pipe(
    checkVersion({ environment, folder: ".", env: process.env, say: () => undefined }),
    TE.match(
      (error) => [toDo("terraform", terraformFailure(error).message)],
      () => [ok("terraform", `is ${TESTED_TERRAFORM}, as tested`)],
    ),
    TE.fromTask,
  );

const checks = (name: string, settings: string): TE.TaskEither<Failure, ReadonlyArray<Line>> =>
  pipe(
    E.Do,
    E.apS("environment", environmentOf(name)),
    E.bind("all", allEnvironments),
    E.bind("accounts", ({ all }) =>
      pipe(
        loadAccounts(settings, all),
        E.mapLeft((lines) => wrongUse(lines.join("\n"))),
      ),
    ),
    TE.fromEither,
    TE.flatMap(({ environment, accounts }) =>
      pipe(
        [
          terraformCheck(name),
          TE.fromTask(awsChecks(environment, bootstrappedFor(environment, accounts), readsOf(environment))),
          environment.backend.type === "cloud"
            ? workspaceChecks(environment.backend, process.env)
            : TE.right([]),
        ],
        TE.sequenceSeqArray,
        TE.map((lines) => lines.flat()),
      ),
    ),
  );

const program = command("preflight")
  .description("look whether everything is there that an environment's first apply needs; changes nothing")
  .argument("<environment>")
  .option("--settings <file>", "the accounts", join("stacks", "account", "accounts.json"))
  .addHelpText(
    "after",
    `
Needs credentials of the environment's account that may read (the role for plans may), and for a cloud
workspace a token of HCP Terraform.

Exit status: 0 everything is there; 1 something is to be done, each a line; 2 wrong use, or faulty files.`,
  )
  .action((name, { settings }) =>
    perform(
      pipe(
        checks(name, settings),
        TE.tapIO((lines) => () => lines.forEach((line) => console.log(shown(line)))),
        TE.flatMapEither((lines) => {
          const undone = lines.filter(({ ok: isOk }) => !isOk).length;
          return undone === 0
            ? E.right([`${name}: ready to be applied`])
            : E.left(failure(NOT_READY, `${name}: ${undone} of ${lines.length} to do`));
        }),
      ),
    ),
  );

void main(program);
