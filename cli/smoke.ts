/** `npm run smoke -- ENVIRONMENT`: checks a deployed environment end to end with a test order; see USAGE. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { Environment } from "../environments/environment";
import type { Release } from "../stacks/release";
import { authorizeFor } from "./authorize";
import { environmentNamed } from "./environment-named";
import { explain, ofTerraform } from "./release/errors";
import { shell } from "./release/here";
import { recordSmoke } from "./release/smoke-record";
import { readState } from "./release/state";
import { runChecks } from "./smoke/checks";
import { ordersApi } from "./smoke/orders-api";
import { type Checked, reporter } from "./smoke/report";
import { resourcesOf } from "./smoke/resources";
import { type Target, targetOf } from "./smoke/target";
import { testOrder } from "./smoke/test-order";

const USAGE = `Usage: npm run smoke -- ENVIRONMENT [OPTIONS]

Posts one test order (product smoke-test) to a deployed environment and follows it to its end: to the archive
where the auction is the simulator; where the auction platform is a real one, to its being closed unsent.

  --api URL        the orders API (default API_ENDPOINT, else looked up by its name, ENVIRONMENT-orders)
  --endpoint URL   the AWS endpoint (default: AWS's own; for local http://127.0.0.1:4566)
  --timeout N      seconds for the order to be decided (default 600)
  --json FILE      writes the result there too
  --record         if every check held, records that what runs there passed: what promotion asks for. Reads the
                   environment's state, and writes into one beside it

Environment: DYNAMODB_TABLE_NAME, SNS_TOPIC_ARN and LOG_BUCKET, where they are not the stack's own names; AWS
credentials; ORDERS_TOKEN, a bearer token for an API that asks for one.

Exit status: 0 every check held; 1 some did not; 2 wrong use, a faulty environment file, or no such API:
nothing was checked; 3 every check held, but that could not be recorded.`;

const HELD = 0;
const NOT_HELD = 1;
const NOT_CHECKED = 2;
const NOT_RECORDED = 3;

type Options = {
  readonly api: string | undefined;
  readonly endpoint: string | undefined;
  readonly timeoutSeconds: number;
  readonly pollMs: number;
  readonly json: string | undefined;
};

const parse = () =>
  parseArgs({
    allowPositionals: true,
    options: {
      api: { type: "string" },
      endpoint: { type: "string" },
      timeout: { type: "string", default: "600" },
      "poll-ms": { type: "string", default: "2000" },
      json: { type: "string" },
      record: { type: "boolean", default: false },
      help: { type: "boolean", short: "h" },
    },
  });

const positive = (name: string, text: string): E.Either<string, number> =>
  Number(text) > 0 ? E.right(Number(text)) : E.left(`--${name} ${text}: expected a positive number`);

const check = async (target: Target, { timeoutSeconds, pollMs, json }: Options): Promise<number> => {
  const say = (line: string): void => console.log(line);
  const begun = new Date();
  const order = testOrder(begun, Math.random());
  const report = reporter(say, Date.now);
  const authorize = await authorizeFor(target.api, process.env["ORDERS_TOKEN"], target.region);
  say(`${target.environment}: ${target.api.href}`);
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
      json,
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

const main = ({ values, positionals }: ReturnType<typeof parse>): TE.TaskEither<string, number> => {
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0) return TE.left(`expected one ENVIRONMENT\n\n${USAGE}`);
  const { api, endpoint, json } = values;
  return pipe(
    E.Do,
    E.apS("environment", environmentNamed(name, process.env["ORDERS_ENVIRONMENTS"] ?? "environments")),
    E.apS("timeoutSeconds", positive("timeout", values.timeout)),
    E.apS("pollMs", positive("poll-ms", values["poll-ms"])),
    TE.fromEither,
    TE.bind("tested", ({ environment }) =>
      values.record ? runningIn(environment) : TE.right<string, Release | undefined>(undefined),
    ),
    TE.bind("target", ({ environment }) => targetOf(environment, { api, endpoint, env: process.env })),
    TE.flatMap(({ environment, tested, target, ...limits }) =>
      pipe(
        TE.tryCatch(() => check(target, { api, endpoint, json, ...limits }), String),
        TE.flatMap((status) =>
          tested === undefined || status !== HELD ? TE.right(status) : recorded(environment, tested),
        ),
      ),
    ),
  );
};

const parsed = E.tryCatch(parse, (error) => (error instanceof Error ? error.message : String(error)));

if (E.isRight(parsed) && parsed.right.values.help === true) console.log(USAGE);
else
  void pipe(TE.fromEither(parsed), TE.flatMap(main))().then((result) => {
    if (E.isLeft(result)) console.error(`smoke: ${result.left}`);
    process.exitCode = E.isLeft(result) ? NOT_CHECKED : result.right;
  });
