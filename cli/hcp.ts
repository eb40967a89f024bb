/** `npm run hcp -- <plan|apply|drift|status|promotable|cancel> ENVIRONMENT`: runs in HCP Terraform; see USAGE. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { apply, cancel, drift, plan, type Report, status } from "./hcp/commands";
import { commitIn, currentCommit, isHotfix, synthesizedOf } from "./hcp/commit";
import type { Run } from "./hcp/documents";
import { DRIFTED, exitCode, exitTable, explain, type HcpError, INTERRUPTED } from "./hcp/errors";
import { realHttp } from "./hcp/http";
import { promotable } from "./hcp/promotion";
import { type Limits, open, type Session } from "./hcp/session";
import { linkTo, type Target, targetOf } from "./hcp/target";

const USAGE = `Usage: npm run hcp -- COMMAND ENVIRONMENT [OPTIONS]

  plan    uploads the synthesized stack and saves its plan, to be applied as it was reviewed
  apply   applies a saved plan: that of --run, or the newest of the commit that is checked out
  drift   compares what exists with what was applied, and changes nothing
  status  shows the workspace and its latest runs
  promotable  tells whether this commit may come here: applied where the environment is promoted from
  cancel  cancels the run of --run, or discards it if it waits to be confirmed

  --run RUN               the reviewed run (apply, cancel), run-…
  --hotfix TEXT           plan what was not applied where it must come from first: who decided it, and why;
                          it is kept in the run's message, and the run may then be applied
  --speculative           a plan that can never be applied (plan), for pull requests
  --dir DIR               the synthesized stack (default cdktf.out/stacks/ENVIRONMENT)
  --json FILE             writes run, link, status and summary there too
  --pickup-seconds N      how long a run may wait to be started (default 600)
  --run-seconds N         how long it may take after that (default 3600)

The environment's file says where (backend cloud: organization, workspace, hostname). The token is read from
TF_TOKEN_<host> (dots as _, dashes as __) or from what terraform login wrote.

Exit status:
${exitTable()}`;

const OPTIONS = {
  run: { type: "string" },
  hotfix: { type: "string" },
  speculative: { type: "boolean", default: false },
  dir: { type: "string" },
  json: { type: "string" },
  "pickup-seconds": { type: "string", default: "600" },
  "run-seconds": { type: "string", default: "3600" },
  "poll-ms": { type: "string", default: "2000" },
  help: { type: "boolean", short: "h" },
} as const;

const usage = (message: string): HcpError => ({ _tag: "Usage", message });

type Arguments = ReturnType<typeof parse>;

const parse = () => parseArgs({ allowPositionals: true, options: OPTIONS });

const positive = (name: string, text: string): E.Either<HcpError, number> =>
  Number(text) > 0 ? E.right(Number(text)) : E.left(usage(`--${name} ${text}: expected a positive number`));

type Command = (session: Session) => TE.TaskEither<HcpError, Report>;
/** Opens the session of another environment. */
type Elsewhere = (environment: string) => TE.TaskEither<HcpError, Session>;

/** A run that does not say which commit it is of may be of any. */
const NO_COMMIT = "a run that names no commit";

const hotfixOf = (name: string, text: string | undefined): E.Either<HcpError, string | undefined> => {
  if (text === undefined) return E.right(undefined);
  if (name !== "plan")
    return E.left(
      usage(
        "--hotfix: is said when it is planned (npm run hcp -- plan ENVIRONMENT --hotfix …), to be reviewed",
      ),
    );
  return text.trim() === ""
    ? E.left(usage("--hotfix: expected who decided it, and why"))
    : E.right(text.trim().replaceAll(/\s+/g, " "));
};

const commandOf = (
  name: string,
  environment: string,
  { values }: Arguments,
  hotfix: string | undefined,
  elsewhere: Elsewhere,
): E.Either<HcpError, Command> => {
  const folder = values.dir ?? join("cdktf.out", "stacks", environment);
  const commit = currentCommit(".");
  switch (name) {
    case "plan": {
      const synthesized = synthesizedOf(folder) ?? commit;
      if (synthesized !== commit)
        return E.left(
          usage(
            `${folder}: is of commit ${synthesized}, and ${commit} is checked out: npm run synth -- --environment ${environment}`,
          ),
        );
      return E.right((session) =>
        pipe(
          values.speculative || hotfix !== undefined ? TE.right("") : promotable(commit, elsewhere)(session),
          TE.flatMap(() => plan(session, { folder, commit, hotfix }, values.speculative)),
        ),
      );
    }
    case "promotable":
      return E.right((session) =>
        pipe(
          promotable(commit, elsewhere)(session),
          TE.tapIO((line) => () => console.log(line)),
          TE.map((): Report => ({
            run: null,
            link: linkTo(session.target),
            status: "promotable",
            confirmable: false,
            summary: null,
          })),
        ),
      );
    case "drift":
      return E.right((session) => drift(session, { folder, commit }));
    case "apply":
      return E.right((session) =>
        apply(session, values.run, commit, ({ message }) =>
          isHotfix(message) ? TE.right("") : promotable(commitIn(message) ?? NO_COMMIT, elsewhere)(session),
        ),
      );
    case "status":
      return E.right(status);
    case "cancel": {
      const { run } = values;
      return run === undefined
        ? E.left(usage("cancel needs --run"))
        : E.right((session) => cancel(session, run));
    }
    default:
      return E.left(usage(`${name} is no command\n\n${USAGE}`));
  }
};

/** What goes on by itself when this command stops watching. */
const leftBehind = (target: Target, run: Run | undefined): string =>
  run === undefined
    ? "interrupted; nothing of this command still runs"
    : [
        `interrupted; ${run.id} goes on without this command (${run.status}): ${linkTo(target, run.id)}`,
        `cancel it: npm run hcp -- cancel ${target.environment} --run ${run.id}`,
      ].join("\n");

const onInterrupt = (target: Target): ((run: Run | undefined) => void) => {
  let watched: Run | undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      console.error(`\n${leftBehind(target, watched)}`);
      process.exit(INTERRUPTED);
    });
  return (run) => {
    watched = run;
  };
};

const main = (args: Arguments): TE.TaskEither<HcpError, number> => {
  const { values, positionals } = args;
  const [name, environment, ...others] = positionals;
  if (name === undefined || environment === undefined || others.length > 0)
    return TE.left(usage(`expected a command and an environment\n\n${USAGE}`));
  const inFolder = process.env["ORDERS_ENVIRONMENTS"] ?? "environments";
  const session = (
    target: Target,
    limits: Limits,
    watch: Session["watch"] = () => undefined,
  ): TE.TaskEither<HcpError, Session> =>
    open({
      target,
      limits,
      http: realHttp,
      say: (line) => console.log(line),
      now: Date.now,
      watch,
      env: process.env,
    });
  return pipe(
    E.Do,
    E.apS("target", targetOf(environment, inFolder)),
    E.apS("pickupSeconds", positive("pickup-seconds", values["pickup-seconds"])),
    E.apS("runSeconds", positive("run-seconds", values["run-seconds"])),
    E.apS("pollMs", positive("poll-ms", values["poll-ms"])),
    E.apS("hotfix", hotfixOf(name, values.hotfix)),
    E.bind("command", ({ hotfix, ...limits }) =>
      commandOf(name, environment, args, hotfix, (other) =>
        pipe(
          TE.fromEither(targetOf(other, inFolder)),
          TE.flatMap((target) => session(target, limits)),
        ),
      ),
    ),
    TE.fromEither,
    TE.flatMap(({ command, target, ...limits }) =>
      pipe(session(target, limits, onInterrupt(target)), TE.flatMap(command)),
    ),
    TE.tapIO((report) => () => {
      if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
    }),
    TE.map(({ summary }) => (name === "drift" && (summary?.addresses.length ?? 0) > 0 ? DRIFTED : 0)),
  );
};

const parsed = E.tryCatch(parse, (error) => usage(error instanceof Error ? error.message : String(error)));

if (E.isRight(parsed) && parsed.right.values.help === true) console.log(USAGE);
else
  pipe(TE.fromEither(parsed), TE.flatMap(main))().then(
    (result) => {
      if (E.isLeft(result)) console.error(`hcp: ${explain(result.left)}`);
      process.exitCode = E.isLeft(result) ? exitCode(result.left) : result.right;
    },
    (error: unknown) => {
      console.error(`hcp: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    },
  );
