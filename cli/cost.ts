/** `npm run cost -- ENVIRONMENT --orders-per-day N`: what so many orders cost, and which limit they meet first. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidArgumentError } from "@commander-js/extra-typings";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { command, type Failure, failure, main, perform } from "../lib/command";
import { type Declared, readDeclared } from "./cost/declared";
import { markdown, report, screen } from "./cost/report";
import { DEFAULTS, SIZES, type Workload } from "./cost/workload";
import { environmentOf } from "./environment-files";
import { explain } from "./release/errors";
import { readSynthesized, synthesize } from "./release/synthesized";

const NOT_MADE = 1;

const above = (least: number) => (text: string) => {
  const value = Number(text);
  if (!Number.isFinite(value) || value < least)
    throw new InvalidArgumentError(`Expected a number from ${least} on, got ${text}.`);
  return value;
};

const declaredIn = (name: string): TE.TaskEither<Failure, Declared> => {
  const folder = mkdtempSync(join(tmpdir(), "orders-cost-"));
  return pipe(
    TE.fromEither(environmentOf(name)),
    TE.flatMap(() =>
      pipe(
        synthesize(join(__dirname, ".."), folder, [name]),
        TE.flatMapEither((stacks) => readSynthesized(join(stacks, name))),
        TE.mapLeft((error) => failure(NOT_MADE, explain(error))),
      ),
    ),
    TE.flatMapEither(({ json }) =>
      pipe(
        readDeclared(json),
        E.mapLeft((faults) =>
          failure(NOT_MADE, `cost: the stack of ${name} is not what it reads: ${faults}`),
        ),
      ),
    ),
    (task) => () => task().finally(() => rmSync(folder, { recursive: true, force: true })),
  );
};

type Options = Workload & { readonly json?: true | undefined; readonly markdown?: true | undefined };

const lines =
  (name: string, options: Options) =>
  (declared: Declared): ReadonlyArray<string> => {
    const { json, markdown: tables, ...workload } = options;
    const of = (ordersPerDay: number) => report(name, declared, { ...workload, ordersPerDay });
    if (tables) return markdown(SIZES.map(of));
    const one = of(workload.ordersPerDay);
    return json ? [JSON.stringify(one, null, 2)] : screen(one);
  };

const program = command("cost")
  .description("print what so many orders a day cost a month on AWS, and which limit they meet first")
  .argument("<environment>", "whose stack is read")
  .option(
    "--orders-per-day <n>",
    "orders stored, submitted and decided in a day",
    above(1),
    DEFAULTS.ordersPerDay,
  )
  .option("--orders-per-request <n>", "orders of one POST, 1 to 1,000", above(1), DEFAULTS.ordersPerRequest)
  .option(
    "--products-per-request <n>",
    "products of one POST, each summed up where a day is limited",
    above(1),
    DEFAULTS.productsPerRequest,
  )
  .option("--peak <n>", "how many times the mean rate the busiest second has", above(1), DEFAULTS.peak)
  .option("--auction-rate <n>", "orders a second that the auction platform takes", above(0.001))
  .option("--json", "as JSON, for programs")
  .option("--markdown", "the tables of docs/scale.md: the same for 10,000, a million and a hundred million")
  .addHelpText(
    "after",
    `
Batch sizes, memory, retention and schedules are those of the synthesized stack; requests per order are counted by a test
on the local platform. docs/scale.md says what is assumed.

Exit status: 0 printed; 1 the stack cannot be made or read; 2 wrong use.`,
  )
  .action((environment, { auctionRate, ...options }) =>
    perform(pipe(declaredIn(environment), TE.map(lines(environment, { ...options, auctionRate })))),
  );

void main(program);
