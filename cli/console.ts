/** `npm run console -- ENVIRONMENT`: the pages of the console for a deployed environment. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { isLeft } from "fp-ts/Either";
import { type App, appOf } from "../console/app";
import { IN_AWS } from "../console/aws/pace";
import { permissionsIn } from "../console/aws/permissions";
import { isTaken, type Served, serveConsole } from "../console/server/server";
import type { Environment } from "../environments/environment";
import { command, Ended, failure, main, portOf, run } from "../lib/command";
import { identityPolicy } from "../modules/policy";
import { endWithShell } from "./end-with-shell.mts";
import { type AwsSettings, awsSettings, operated, orUnreachable } from "./operated";
import { explain } from "./release/errors";
import { synthesize } from "./release/synthesized";

const USUAL_PORT = 3080;

const program = command("console")
  .description("serve the console's pages for a deployed environment, by what AWS tells; it only reads")
  .argument("<environment>", "the name of a file in environments/")
  .option(
    "--port <n>",
    `port on this machine; 0 is any free one (default: ${USUAL_PORT}, or any if that is taken)`,
  )
  .option("--policy", "print the IAM policy that whoever looks needs, and do nothing", false)
  .option("--endpoint <url>", "the AWS endpoint (default: AWS's own; of local http://127.0.0.1:4566)")
  .addHelpText(
    "after",
    `
The map is that of the stack as this checkout declares it: check out the release that is deployed.

Environment: ORDERS_ENVIRONMENTS, another folder of environment files.

Exit status: 0 after SIGINT or SIGTERM; 2 wrong use, no credentials of the environment's account, or nothing to serve.`,
  );

type Options = ReturnType<typeof program.opts>;

/** @throws Ended where these credentials are of another account */
const checkAccount = async ({ name, account_id }: Environment, settings: AwsSettings): Promise<void> => {
  const { Account: account = "" } = await new STSClient(settings)
    .send(new GetCallerIdentityCommand({}))
    .catch((thrown: unknown) => {
      throw orUnreachable(settings, thrown);
    });
  if (account !== account_id)
    throw new Ended(failure(2, `${name} is in account ${account_id}, these credentials are of ${account}`));
};

/** What this checkout declares of the environment is what is shown. */
const shownApp = async ({ name }: Environment, aws: AwsSettings): Promise<App> => {
  const folder = mkdtempSync(join(tmpdir(), "orders-console-"));
  try {
    const stacks = await synthesize(join(__dirname, ".."), folder, [name])();
    if (isLeft(stacks)) throw new Ended(failure(2, explain(stacks.left)));
    return appOf({ stack: join(stacks.right, name), aws, pace: IN_AWS });
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const serve = (port: number, app: App): Promise<Served> =>
  serveConsole({ port, page: join(__dirname, "console"), app: () => Promise.resolve(app), pace: IN_AWS });

/** A port that was asked for is that one; the usual one may be any other. */
const opened = async (app: App, given: number | undefined): Promise<Served> => {
  try {
    return await serve(given ?? USUAL_PORT, app);
  } catch (error) {
    if (!isTaken(error)) throw error;
    if (given === undefined) return serve(0, app);
    throw new Ended(
      failure(2, `--port ${given}: taken by another program; name a free port, or 0 for any free one`),
    );
  }
};

const interrupted = (): Promise<unknown> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, resolve);
  });

const show = async (named: string, { port, policy, endpoint }: Options): Promise<number> => {
  const given = port === undefined ? undefined : portOf("port", port);
  const environment = operated(named);
  if (policy) {
    console.log(JSON.stringify(JSON.parse(identityPolicy(permissionsIn(environment))), undefined, 2));
    return 0;
  }
  const settings = awsSettings(environment, endpoint);
  await checkAccount(environment, settings);
  const { url, close } = await opened(await shownApp(environment, settings), given);
  endWithShell();
  console.log(`${named}: ${url}   until Ctrl-C; it reads only, and only while a page is open`);
  await interrupted();
  await close();
  // What AWS is still asked, nobody waits for any more.
  process.exit(0);
};

void main(program.action((environment, options) => run(2, () => show(environment, options))));
