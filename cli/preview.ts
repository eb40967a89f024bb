/** `npm run preview -- <file|create|destroy|list|expired> …`: an environment of its own for a pull request. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { Environment } from "../environments/environment";
import { command, type Failure, failure, main, perform, userPath, wrongUse } from "../lib/command";
import { planAndApply } from "./deploy/plan-and-apply";
import { previewOf } from "../environments/preview";
import { environmentOf } from "./environment-files";
import { existing, expired, previewLine } from "./preview/existing";
import { asFailure } from "./release/errors";
import { synthesize } from "./release/synthesized";
import { ofTerraform } from "./terraform/errors";
import { outputsOf } from "./terraform/state";
import type { Stack } from "./terraform/terraform";

type Result<A> = TE.TaskEither<Failure, A>;
type Lines = Result<ReadonlyArray<string>>;

const say = (line: string): void => console.log(line);
const shell: Pick<Stack, "env" | "say"> = { env: process.env, say };

const TEMPLATE = "dev";
const GENERATED = ".previews";
const DAYS = 3;
const FAILED = 1;

type Options = { readonly from: string; readonly folder: string };

/** `123`, or as people write it: `pr-123`, `#123`. */
const numberOf = (text: string): E.Either<Failure, number> => {
  const digits = /^(?:pr-?|#)?([1-9]\d{0,8})$/i.exec(text)?.[1];
  return digits === undefined
    ? E.left(wrongUse(`${text}: expected the number of a pull request, such as 123`))
    : E.right(Number(digits));
};

const templateOf = (name: string): Result<Environment> =>
  TE.fromEither(
    pipe(
      environmentOf(name),
      E.filterOrElse(
        ({ previews }) => previews === true,
        () => wrongUse(`${name} has no previews: its file does not say "previews": true`),
      ),
    ),
  );

/** Writes the file of a preview: generated from the template's, committed nowhere. */
const generated = (given: string, { from, folder }: Options): Result<Environment> =>
  pipe(
    TE.Do,
    TE.apS("number", TE.fromEither(numberOf(given))),
    TE.apS("template", templateOf(from)),
    TE.map(({ number, template }) => previewOf(template, { number, created: new Date() })),
    TE.tapIO((environment) => () => {
      mkdirSync(userPath(folder), { recursive: true });
      writeFileSync(
        join(userPath(folder), `${environment.name}.json`),
        `${JSON.stringify(Environment.encode(environment), undefined, 2)}\n`,
      );
    }),
  );

/** Generated and synthesized, from its own folder of files. */
const synthesized = (given: string, options: Options): Result<readonly [Environment, Stack]> =>
  pipe(
    generated(given, options),
    TE.flatMap((environment) =>
      pipe(
        asFailure(
          synthesize(".", "cdktf.out", [environment.name], {
            ...process.env,
            ORDERS_ENVIRONMENTS: userPath(options.folder),
          }),
        ),
        TE.map((stacks): readonly [Environment, Stack] => {
          const folder = join(stacks, environment.name);
          return [environment, { ...shell, environment: environment.name, folder }];
        }),
      ),
    ),
  );

/** Nobody reviews the plan of a preview. */
const applied = (stack: Stack, destroy: boolean): Result<void> =>
  ofTerraform(planAndApply(stack, resolve("cdktf.out", "plans", `${stack.environment}.tfplan`), { destroy }));

const create = (given: string, options: Options): Lines =>
  pipe(
    synthesized(given, options),
    TE.tap(([, stack]) => applied(stack, false)),
    TE.flatMap(([environment]) =>
      pipe(
        ofTerraform(outputsOf(environment, shell)),
        TE.map(({ api_endpoint: endpoint }) => [`${environment.name}: ${String(endpoint?.value)}`]),
      ),
    ),
  );

const destroy = (given: string, options: Options): Lines =>
  pipe(
    synthesized(given, options),
    TE.tap(([, stack]) => applied(stack, true)),
    TE.map(([{ name }]) => [`${name}: destroyed`]),
  );

const previewsOf = (from: string) =>
  pipe(
    templateOf(from),
    TE.flatMap((template) =>
      pipe(
        existing(template, { ...shell, say: console.error }),
        TE.mapLeft((why) => failure(FAILED, why)),
      ),
    ),
  );

const daysOf = (text: string): E.Either<Failure, number> =>
  Number(text) >= 0 && text.trim() !== ""
    ? E.right(Number(text))
    : E.left(wrongUse(`--days ${text}: expected a number of days`));

const program = command("preview")
  .description("an environment of its own for a pull request: made of another's file, cheap, and soon gone")
  .addHelpText(
    "after",
    `
Its name is pv123 for pull request 123. It shares nothing with another environment but the account and the SSM
parameters its template names. To work with it by other commands: ORDERS_ENVIRONMENTS=${GENERATED} npm run …

Exit status: 0 done; 1 failed; 2 wrong use, or a faulty environment file; others as of npm run deploy.`,
  );

const ofOne = (name: string, does: string, act: (number: string, options: Options) => Lines): void => {
  program.addCommand(
    command(name)
      .description(does)
      .argument("<number>", "the pull request's")
      .option("--from <environment>", "whose file it is made of", TEMPLATE)
      .option("--folder <folder>", "where its file goes; never commit it", GENERATED)
      .action((number, options) => perform(act(number, options))),
  );
};

ofOne("file", "write its file, to be synthesized and deployed as any other", (number, options) =>
  pipe(
    generated(number, options),
    TE.map(({ name }) => [join(options.folder, `${name}.json`)]),
  ),
);
ofOne("create", "deploy it, or what is new of it, and print its endpoint", create);
ofOne("destroy", "remove it with everything in it", destroy);
program.addCommand(
  command("list")
    .description("the previews there are, by their states, and when each was deployed last")
    .option("--from <environment>", "whose file they are made of", TEMPLATE)
    .action(({ from }) =>
      perform(
        pipe(
          previewsOf(from),
          TE.map((previews) => previews.map(previewLine)),
        ),
      ),
    ),
);
program.addCommand(
  command("expired")
    .description("those that were not deployed for some days, a line each, the pull request's number first")
    .option("--from <environment>", "whose file they are made of", TEMPLATE)
    .option("--days <number>", "how many", String(DAYS))
    .action(({ from, days }) =>
      perform(
        pipe(
          TE.fromEither(daysOf(days)),
          TE.bindTo("after"),
          TE.bind("previews", () => previewsOf(from)),
          TE.map(({ after, previews }) => expired(previews, after, new Date()).map(previewLine)),
        ),
      ),
    ),
);

void main(program);
