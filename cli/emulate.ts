/** `npm run emulate -- [ENVIRONMENT]`: an environment from nothing to its end, on an AWS emulator. */
import { addAbortListener } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { Environment } from "../environments/environment";
import { command, type Failure, failure, main, perform, wrongUse } from "../lib/command";
import { runProgram } from "../lib/process";
import { planAndApply } from "./deploy/plan-and-apply";
import { environmentOf } from "./environment-files";
import { leaveOutEndpoints } from "./emulate/endpoints.mts";
import { copyTo, filesIn, openPlace, type Place, stackIn, useDummyKeys } from "./emulate/place";
import { asFailure } from "./release/errors";
import { synthesize } from "./release/synthesized";
import { runStandingChecks } from "./smoke/checks";
import { reporter } from "./smoke/report";
import { resourcesOf } from "./smoke/resources";
import { targetOf } from "./smoke/target";
import { ofTerraform } from "./terraform/errors";
import { outputs } from "./terraform/terraform";

type Result<A> = TE.TaskEither<Failure, A>;
type Options = { readonly endpoint?: string | undefined; readonly keep?: boolean | undefined };

const FAILED = 1;
const INTERRUPTED = failure(130, "interrupted; what was made is gone again");

const say = (line: string): void => console.log(line);
const failed = (message: string): Failure => failure(FAILED, message);

/** Ctrl-C ends what runs, and then what was made goes, as at any other end. */
const interrupt = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => interrupt.abort());

const step = <A>(what: string, work: Result<A>): Result<A> =>
  pipe(
    TE.fromIO(() => interrupt.signal.aborted),
    TE.filterOrElse(
      (isOver) => !isOver,
      () => INTERRUPTED,
    ),
    TE.tapIO(() => () => say(`${what} …`)),
    TE.flatMap(() => work),
  );

const applied = (place: Place, name: string, destroy: boolean): Result<void> =>
  ofTerraform(planAndApply(stackIn(place, name, say), join(place.folder, "tfplan"), { destroy }));

const isAws = (url: string): boolean => /\.amazonaws\.com(\.cn)?$/.test(URL.parse(url)?.hostname ?? "");

const smoke = (place: Place, { name }: Environment, api: string): Result<void> =>
  pipe(
    runProgram(process.execPath, [join(__dirname, "smoke.js"), name, "--api", api], {
      cwd: ".",
      env: { ...process.env, ORDERS_ENVIRONMENTS: filesIn(place) },
      onLine: say,
    }),
    TE.mapLeft(({ message }) => failed(message)),
    TE.filterOrElse(
      ({ code }) => code === 0,
      () => failed(`${name}: the smoke test did not hold`),
    ),
    TE.asUnit,
  );

const standing = (place: Place, environment: Environment, api: string): Result<void> =>
  pipe(
    targetOf({ ...environment, account_id: place.account }, { api, endpoint: place.endpoint, env: {} }),
    TE.mapLeft(failed),
    TE.flatMap((target) => {
      const report = reporter(say, Date.now);
      return pipe(
        TE.rightTask(runStandingChecks({ resources: resourcesOf(target), report })),
        TE.flatMap(() => {
          const results = report.all().map(({ result }) => result);
          const left = results.filter((result) => result === "skipped").length;
          say(`skipped the other ${left} checks: this emulator runs no functions`);
          return results.includes("failed")
            ? TE.left(failed(`${environment.name}: the smoke test did not hold`))
            : TE.right(undefined);
        }),
      );
    }),
  );

/** An emulator that gives the API an address at AWS runs nothing behind it, and what is there is not ours. */
const checked = (place: Place, environment: Environment): Result<void> =>
  pipe(
    ofTerraform(outputs(stackIn(place, environment.name, say))),
    TE.map(({ api_endpoint: api }) => String(api?.value)),
    TE.flatMap((api) =>
      step("smoke test", isAws(api) ? standing(place, environment, api) : smoke(place, environment, api)),
    ),
  );

const kept = (place: Place, { name, region }: Environment): Result<void> => {
  const stack = stackIn(place, name, say);
  say(`kept until Ctrl-C
  AWS    ${place.endpoint}
  stack  ${stack.folder}

  export AWS_ENDPOINT_URL=${place.endpoint} AWS_DEFAULT_REGION=${region}
  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
  aws dynamodb list-tables
  terraform -chdir=${stack.folder} plan
`);
  return TE.fromTask(
    () =>
      new Promise((resolve) => {
        // Where the emulator is not our own, nothing else keeps this process alive.
        const alive = setInterval(() => undefined, 60_000);
        addAbortListener(interrupt.signal, () => {
          clearInterval(alive);
          resolve();
        });
      }),
  );
};

const tried = (place: Place, environment: Environment, keep: boolean): Result<void> => {
  const { name } = environment;
  copyTo(place, environment);
  return pipe(
    step(
      `synthesizing ${name}`,
      asFailure(
        synthesize(".", join(place.folder, "out"), [name], {
          ...process.env,
          ORDERS_ENVIRONMENTS: filesIn(place),
        }),
      ),
    ),
    TE.tapIO(() => () => leaveOutEndpoints(stackIn(place, name, say).folder)),
    TE.flatMap(() => step(`applying ${name} with Terraform`, applied(place, name, false))),
    TE.flatMap(() => checked(place, environment)),
    TE.flatMap(() => (keep ? kept(place, environment) : TE.right(undefined))),
    TE.mapLeft((why) => (interrupt.signal.aborted ? INTERRUPTED : why)),
  );
};

/** Through Terraform, which must be able to; only an interrupted emulator of our own just ends, with all it holds. */
const destroyed = (place: Place, name: string, isOwn: boolean): Result<void> => {
  const isNothing = !existsSync(join(place.folder, `${name}.tfstate`)) || (isOwn && interrupt.signal.aborted);
  if (isNothing) return TE.right(undefined);
  say(`destroying ${name} …`);
  return applied(place, name, true);
};

const ended = (place: Place, { name }: Environment, isOwn: boolean): Result<void> =>
  pipe(
    TE.Do,
    TE.flatMap(() => destroyed(place, name, isOwn)),
    TE.mapLeft(({ status, message }) =>
      failure(
        status,
        isOwn ? message : `${message}\n${name}: what is left of it is in the state in ${place.folder}`,
      ),
    ),
    TE.tap(() => TE.fromTask(place.remove)),
    TE.tapError(() => TE.fromTask(isOwn ? place.remove : () => Promise.resolve())),
    TE.tapIO(() => () => say(`${name}: nothing is left of it`)),
  );

const emulate = (name: string, { endpoint, keep = false }: Options): Result<ReadonlyArray<string>> => {
  const isOwn = endpoint === undefined;
  if (!isOwn && (URL.parse(endpoint) === null || isAws(endpoint)))
    return TE.left(
      wrongUse(`--endpoint ${endpoint}: expected the URL of an AWS emulator, such as http://localhost:4566`),
    );
  return pipe(
    TE.fromEither(environmentOf(name)),
    TE.flatMap((environment) =>
      TE.bracket(
        step(
          isOwn ? "starting the AWS emulator, moto" : `asking ${endpoint} who it is`,
          pipe(
            TE.Do,
            TE.tapIO(() => () => useDummyKeys(process.env)),
            TE.flatMap(() => openPlace(endpoint, environment)),
            TE.mapLeft(failed),
          ),
        ),
        (place) => tried(place, environment, keep),
        (place) => ended(place, environment, isOwn),
      ),
    ),
    TE.map(() => []),
  );
};

const program = command("emulate")
  .description("apply an environment to an AWS emulator with the real Terraform, check it, and destroy it")
  .argument("[environment]", "whose file is copied", "dev")
  .option("--endpoint <url>", "an emulator that runs already, such as LocalStack (default: moto is started)")
  .option("--keep", "leave it there until Ctrl-C")
  .addHelpText(
    "after",
    `
Everything is written to a temporary folder, which is removed at the end; no AWS account is asked for anything.
Needs terraform, and moto_server (pip install 'moto[server]==5.2.1') where no endpoint is given. Of an emulator
that runs no functions, such as moto, what the smoke test asks of resources is checked, and no order is posted.

Environment: ORDERS_ENVIRONMENTS, another folder of environment files.

Exit status: 0 applied, checked, destroyed; 1 failed; 2 wrong use, or a faulty environment file; 130 interrupted,
and destroyed; others as of npm run deploy.`,
  )
  .action((environment, options) => perform(emulate(environment, options)));

void main(program);
