/** `npm run deploy -- <plan|apply|drift|status|outputs> …`: environments deployed by Terraform itself. */
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { Environment } from "../environments/environment";
import { command, type Failure, failure, main, perform, userPath, wrongUse } from "../lib/command";
import {
  configuredIn,
  driftHeadline,
  driftLines,
  driftMarkdown,
  type DriftReport,
  driftReport,
} from "./deploy/drift";
import { planAside, planInto, type PlanReport } from "./deploy/plan";
import { headline, reviewLines, reviewMarkdown } from "./deploy/show";
import { type Row, statusLines, statusOf } from "./deploy/status";
import { deployedEnvironments, environmentOf as fileOf } from "./environment-files";
import { plannedLosses } from "./release/guard";
import { mayBeDeployed } from "./release/promotion";
import { ofTerraform, TERRAFORM_EXITS } from "./terraform/errors";
import { outputsOf } from "./terraform/state";
import { apply, init, type Stack } from "./terraform/terraform";

const REFUSED = 1;
const DRIFTED = 3;
const CHANGES = 4;

const EXITS = [
  { status: 0, meaning: "done, or nothing to do" },
  { status: REFUSED, meaning: "refused: not what the environment before runs, or data would be lost" },
  { status: 2, meaning: "wrong use, or a faulty environment file" },
  { status: DRIFTED, meaning: "drift: resources differ from what was applied" },
  { status: CHANGES, meaning: "the plan has changes (plan --detailed-exitcode)" },
  ...TERRAFORM_EXITS,
];

const STACKS = join("cdktf.out", "stacks");

type Lines = TE.TaskEither<Failure, ReadonlyArray<string>>;

const say = (line: string): void => console.log(line);
const shell: Pick<Stack, "env" | "say"> = { env: process.env, say };

const environmentOf = (name: string): TE.TaskEither<Failure, Environment> => TE.fromEither(fileOf(name));

const stackOf = ({ name }: Environment): Stack => ({
  ...shell,
  environment: name,
  folder: join(STACKS, name),
});

/** Where a plan is saved by default. */
const planFile = (name: string, given: string | undefined): string =>
  given === undefined ? resolve("cdktf.out", "plans", `${name}.tfplan`) : userPath(given);

type Written = { readonly json?: string | undefined; readonly markdown?: string | undefined };

const write = ({ json, markdown }: Written, report: unknown, text: string): void => {
  if (json !== undefined) writeFileSync(userPath(json), `${JSON.stringify(report, undefined, 2)}\n`);
  if (markdown !== undefined) writeFileSync(userPath(markdown), text);
};

/** A plan that would lose data is not left there to be applied. */
const losingNothing = (environment: Environment, report: PlanReport): E.Either<Failure, PlanReport> => {
  const lost = plannedLosses(environment, report.review.resources);
  if (lost.length === 0) return E.right(report);
  if (report.plan !== null) rmSync(report.plan, { force: true });
  return E.left(
    failure(
      REFUSED,
      [
        `this plan would lose what ${environment.name} keeps:`,
        ...lost.map((line) => `  ${line}`),
        ...(report.link === null ? [] : [`discard its run: ${report.link}`]),
      ].join("\n"),
    ),
  );
};

const planning = command("plan")
  .description("plan the synthesized stack, to be reviewed and then applied as it was reviewed")
  .argument("<environment>")
  .option("--out <file>", "where the plan is saved (default: cdktf.out/plans/ENVIRONMENT.tfplan)")
  .option("--markdown <file>", "write the review there too, for a comment or a job's summary")
  .option("--json <file>", "write the review there too, for programs; values are not shortened")
  .option("--speculative", "a plan that can never be applied, for pull requests")
  .option("--destroy", "plan the end of the environment")
  .option("--hotfix <text>", "plan what was not deployed where it must come from: who decided it, and why")
  .option("--detailed-exitcode", `end with ${CHANGES} if the plan has changes`);

type PlanFlags = ReturnType<typeof planning.opts>;

const nextStep = ({ environment, plan, applicable }: PlanReport): string => {
  if (plan === null) return "speculative: it cannot be applied";
  return applicable
    ? `apply exactly this plan: npm run deploy -- apply ${environment} --plan ${plan}`
    : "nothing to apply";
};

const plan = (environment: Environment, flags: PlanFlags): TE.TaskEither<Failure, PlanReport> => {
  const stack = stackOf(environment);
  const hotfix = flags.hotfix?.trim().replaceAll(/\s+/g, " ");
  const asked = {
    destroy: flags.destroy ?? false,
    variables: hotfix === undefined ? {} : { hotfix },
  };
  if (hotfix === "") return TE.left(wrongUse("--hotfix: expected who decided it, and why"));
  return flags.speculative === true
    ? ofTerraform(planAside(stack, environment.backend.type === "cloud", asked))
    : pipe(
        mayBeDeployed(environment, { folder: stack.folder, hotfix }, shell),
        TE.tapIO((lines) => () => lines.forEach(say)),
        TE.flatMap(() => ofTerraform(planInto(stack, planFile(environment.name, flags.out), asked))),
        TE.flatMapEither((report) => (asked.destroy ? E.right(report) : losingNothing(environment, report))),
      );
};

const planCommand = (name: string, flags: PlanFlags): Lines =>
  pipe(
    environmentOf(name),
    TE.flatMap((environment) => plan(environment, flags)),
    TE.flatMapEither((report) => {
      const lines = ["", ...reviewLines(report.review), "", nextStep(report)];
      write(flags, report, reviewMarkdown(`Plan of ${name}`, report.review));
      if (flags.detailedExitcode !== true || headline(report.review) === "nothing to change")
        return E.right(lines);
      lines.forEach(say);
      return E.left(failure(CHANGES, `${name}: ${headline(report.review)}`));
    }),
  );

const applyCommand = (name: string, { plan: given }: { readonly plan?: string | undefined }): Lines => {
  const file = planFile(name, given);
  if (!existsSync(file))
    return TE.left(
      wrongUse(
        `${file}: there is no plan; make and review one: npm run deploy -- plan ${name} --out ${file}`,
      ),
    );
  return pipe(
    environmentOf(name),
    TE.map(stackOf),
    TE.flatMap((stack) =>
      ofTerraform(
        pipe(
          init(stack),
          TE.flatMap(() => apply(stack, file)),
          TE.map(() => [`${name}: applied`]),
          TE.orElse((error) =>
            error._tag === "NothingToDo" ? TE.right([`${name}: nothing to apply`]) : TE.left(error),
          ),
        ),
      ),
    ),
  );
};

const foundDrift = (environment: Environment): TE.TaskEither<Failure, DriftReport> => {
  const stack = stackOf(environment);
  return pipe(
    ofTerraform(planAside(stack, environment.backend.type === "cloud", { refreshOnly: true })),
    TE.map(({ review, link }) =>
      driftReport({
        environment: environment.name,
        link,
        drift: review.drift,
        configured: configuredIn(stack.folder),
        known: environment.known_drift ?? [],
        today: new Date().toISOString().slice(0, 10),
      }),
    ),
  );
};

const driftCommand = (name: string, flags: Written): Lines =>
  pipe(
    environmentOf(name),
    TE.flatMap(foundDrift),
    TE.flatMapEither((report) => {
      write(flags, report, driftMarkdown(report));
      if (report.drifted.length === 0) return E.right([driftHeadline(report), ...driftLines(report)]);
      driftLines(report).forEach(say);
      return E.left(failure(DRIFTED, driftHeadline(report)));
    }),
  );

const wanted = (names: ReadonlyArray<string>): TE.TaskEither<Failure, ReadonlyArray<Environment>> =>
  names.length > 0 ? TE.traverseArray(environmentOf)(names) : TE.fromEither(deployedEnvironments());

/** What drifts there, in a word or two. One environment that cannot be checked does not stop the others. */
const withDrift =
  (environments: ReadonlyArray<Environment>) =>
  (row: Row): TE.TaskEither<Failure, Row> => {
    const environment = environments.find(({ name }) => name === row.environment);
    if (environment === undefined || row.drift === "-" || row.drift === "?") return TE.right(row);
    return pipe(
      foundDrift(environment),
      TE.map(({ drifted }) => (drifted.length === 0 ? "none" : `${drifted.length} resources`)),
      TE.orElse(({ message }) => TE.right<Failure, string>(message.split("\n")[0] ?? "?")),
      TE.map((drift) => ({ ...row, drift })),
    );
  };

const statusCommand = (names: ReadonlyArray<string>, flags: { readonly drift?: true | undefined }): Lines =>
  pipe(
    wanted(names),
    TE.bindTo("environments"),
    TE.bind("rows", ({ environments }) => ofTerraform(statusOf(environments, shell))),
    TE.flatMap(({ environments, rows }) =>
      flags.drift === true ? TE.traverseSeqArray(withDrift(environments))(rows) : TE.right(rows),
    ),
    TE.map(statusLines),
  );

/** For programs: one JSON document, nothing around it. */
const outputsCommand = (name: string): Lines =>
  pipe(
    environmentOf(name),
    TE.flatMap((environment) => ofTerraform(outputsOf(environment, { ...shell, say: console.error }))),
    TE.map((found) => {
      const values = Object.entries(found).map(
        ([key, { value, sensitive }]) => [key, sensitive === true ? "(sensitive)" : value] as const,
      );
      return [JSON.stringify(Object.fromEntries(values), undefined, 2)];
    }),
  );

const program = command("deploy").description(
  "Plans and applies an environment's synthesized stack with Terraform, whatever its backend is.",
);
program.addHelpText(
  "after",
  () =>
    `\nExit status:\n${EXITS.map(({ status, meaning }) => `  ${String(status).padStart(3)}  ${meaning}`).join("\n")}`,
);

program.addCommand(planning.action((name, flags) => perform(planCommand(name, flags))));
program.addCommand(
  command("apply")
    .description("apply a saved plan, exactly as it was reviewed")
    .argument("<environment>")
    .option("--plan <file>", "the saved plan (default: cdktf.out/plans/ENVIRONMENT.tfplan)")
    .action((name, flags) => perform(applyCommand(name, flags))),
);
program.addCommand(
  command("drift")
    .description(
      `compare what exists with what was applied, and change nothing; ends with ${DRIFTED} if it differs`,
    )
    .argument("<environment>")
    .option("--json <file>", "write the report there too, for programs")
    .option("--markdown <file>", "write the report there too, for an issue")
    .action((name, flags) => perform(driftCommand(name, flags))),
);
program.addCommand(
  command("status")
    .description("what runs in each environment: version, commit, when it was applied")
    .argument("[environments...]")
    .option("--drift", "also look what drifts in each, which takes a synthesized stack of it and some time")
    .action((names, flags) => perform(statusCommand(names, flags))),
);
program.addCommand(
  command("outputs")
    .description("the outputs in the environment's state, as JSON")
    .argument("<environment>")
    .action((name) => perform(outputsCommand(name))),
);

void main(program);
