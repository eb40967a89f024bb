/** `npm run smoke -- ENVIRONMENT`: checks a deployed environment end to end with a test order. */
import { writeFileSync } from "node:fs";
import { Option } from "@commander-js/extra-typings";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { Environment } from "../environments/environment";
import type { Release } from "../stacks/release";
import { command, Ended, failure, main, run, userPath } from "../lib/command";
import { authorizeFor } from "./orders-api/authorize";
import { explain, ofTerraform } from "./release/errors";
import { environmentOf } from "./environment-files";
import { shell } from "./release/this-checkout";
import { recordSmoke } from "./release/smoke-record";
import { readState } from "./release/state";
import { runChecks } from "./smoke/checks";
import { ordersApi } from "./smoke/orders-api";
import { type Checked, reporter } from "./smoke/report";
import { resourcesOf } from "./smoke/resources";
import { type Target, targetOf } from "./smoke/target";
import { testOrder } from "./smoke/test-order";

const HELD = 0;
const NOT_HELD = 1;
const NOT_CHECKED = 2;
const NOT_RECORDED = 3;

const program = command("smoke")
  .description("follow a test order through a deployed environment to its end")
  .argument("<environment>")
  .option(
    "--api <url>",
    "the orders API (default API_ENDPOINT, else looked up by its name, ENVIRONMENT-orders)",
  )
  .option("--endpoint <url>", "the AWS endpoint (default: AWS's own; of local http://127.0.0.1:4566)")
  .option("--timeout <seconds>", "for the order to be decided", "600")
  .addOption(new Option("--poll-ms <ms>").default("2000").hideHelp())
  .option("--json <file>", "write the result there too")
  .option(
    "--record",
    "if every check held, record that what runs there passed: what promotion asks for. Reads the environment's state, and writes into one beside it",
    false,
  )
  .addHelpText(
    "after",
    `
Posts one test order (product smoke-test), and follows it to the archive where the auction is the simulator;
where the auction platform is a real one, to its being closed unsent.

Environment: DYNAMODB_TABLE_NAME, SNS_TOPIC_ARN and LOG_BUCKET, where they are not the stack's own names; AWS
credentials; ORDERS_TOKEN, a bearer token for an API that asks for one.

Exit status: 0 every check held; 1 some did not; 2 wrong use, a faulty environment file, or no such API:
nothing was checked; 3 every check held, but that could not be recorded.`,
  );

type Options = ReturnType<typeof program.opts>;

const positive = (name: string, text: string): E.Either<string, number> =>
  Number(text) > 0 ? E.right(Number(text)) : E.left(`--${name} ${text}: expected a positive number`);

type Limits = { readonly timeoutSeconds: number; readonly pollMs: number };

const check = async (
  target: Target,
  { timeoutSeconds, pollMs }: Limits,
  json: string | undefined,
): Promise<number> => {
  const say = (line: string): void => console.log(line);
  const begun = new Date();
  const order = testOrder(begun, Math.random());
  const report = reporter(say, Date.now);
  const { authorize, how } = await authorizeFor(target.api, process.env["ORDERS_TOKEN"], target.region);
  say(`${target.environment}: ${target.api.href}, ${how}`);
  await runChecks({
    api: ordersApi(target.api, authorize),
    resources: resourcesOf(target),
    report,
    order,
    simulated: target.simulated,
    begun,
    patience: { deadline: begun.getTime() + timeoutSeconds * 1_000, pollMs, now: Date.now },
    say,
  })();
  const checks = report.all();
  const count = (result: Checked["result"]): number => checks.filter((one) => one.result === result).length;
  const ok = count("ok") === checks.length;
  say(
    `${count("ok")} of ${checks.length} checks held, ${count("failed")} failed, ${count("skipped")} skipped`,
  );
  if (json !== undefined)
    writeFileSync(
      userPath(json),
      `${JSON.stringify(
        { environment: target.environment, api: target.api.href, order_id: order.order_id, ok, checks },
        null,
        2,
      )}\n`,
    );
  return ok ? HELD : NOT_HELD;
};

const told = TE.mapLeft(explain);

/** What runs there before it is checked; only that can be recorded. */
const runningIn = (environment: Environment): TE.TaskEither<string, Release> =>
  pipe(
    told(ofTerraform(readState(environment, shell))),
    TE.flatMapNullable(
      ({ release }) => release,
      () => `${environment.name}: its state says no release, so nothing can be recorded; deploy it first`,
    ),
  );

const recorded = (environment: Environment, tested: Release): TE.TaskEither<never, number> =>
  pipe(
    told(recordSmoke(environment, tested, new Date(), shell)),
    TE.match(
      (why) => {
        console.error(`smoke: ${why}`);
        return NOT_RECORDED;
      },
      (line) => {
        console.log(line);
        return HELD;
      },
    ),
    TE.fromTask,
  );

const smoke = (name: string, options: Options): TE.TaskEither<string, number> => {
  const { api, endpoint, json } = options;
  return pipe(
    E.Do,
    E.apS("environment", environmentOf(name)),
    E.mapLeft(({ message }) => message),
    E.apS("timeoutSeconds", positive("timeout", options.timeout)),
    E.apS("pollMs", positive("poll-ms", options.pollMs)),
    TE.fromEither,
    TE.bind("tested", ({ environment }) =>
      options.record ? runningIn(environment) : TE.right<string, Release | undefined>(undefined),
    ),
    TE.bind("target", ({ environment }) => targetOf(environment, { api, endpoint, env: process.env })),
    TE.flatMap(({ environment, tested, target, ...limits }) =>
      pipe(
        TE.tryCatch(() => check(target, limits, json), String),
        TE.flatMap((status) =>
          tested === undefined || status !== HELD ? TE.right(status) : recorded(environment, tested),
        ),
      ),
    ),
  );
};

void main(
  program.action((environment, options) =>
    run(NOT_CHECKED, async () => {
      const result = await smoke(environment, options)();
      if (E.isLeft(result)) throw new Ended(failure(NOT_CHECKED, result.left));
      return result.right;
    }),
  ),
);
