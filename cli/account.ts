/** `npm run account -- synth`: the stacks that AWS accounts need before their first environment; see USAGE. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { App } from "cdktf";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import { loadEnvironments } from "../environments/load";
import { AccountStack, accountStackName } from "../stacks/account/account-stack";
import { complete } from "../stacks/complete";
import { loadAccounts } from "./account/settings";

const USAGE = `Usage: npm run account -- synth [OPTIONS]

Writes a Terraform stack for each AWS account: the state bucket, the identity providers of HCP Terraform and
GitHub, and for each environment of the account the roles that plan, apply and check it. docs/account.md tells
how an account is bootstrapped with it.

  --account ID     only this account
  --settings FILE  the accounts (default stacks/account/accounts.json)
  --outdir DIR     where to write (default cdktf.out/accounts)

Environment: ORDERS_ENVIRONMENTS, another folder of environment files.

Exit status: 0 written; 1 the settings or the environment files are faulty; 2 wrong use.`;

const parse = () =>
  parseArgs({
    allowPositionals: true,
    options: {
      account: { type: "string" },
      settings: { type: "string", default: join("stacks", "account", "accounts.json") },
      outdir: { type: "string", default: join("cdktf.out", "accounts") },
      help: { type: "boolean", short: "h" },
    },
  });

class UsageError extends Error {}

const synth = ({ account: wanted, settings, outdir }: ReturnType<typeof parse>["values"]): number => {
  const folder = process.env["ORDERS_ENVIRONMENTS"] ?? "environments";
  const loaded = pipe(
    loadEnvironments(folder),
    E.mapLeft((lines) => lines.map((line) => join(folder, line))),
    E.flatMap((environments) => loadAccounts(settings, environments)),
  );
  if (E.isLeft(loaded)) {
    console.error(loaded.left.join("\n"));
    return 1;
  }
  const accounts = loaded.right.filter(({ accountId }) => wanted === undefined || accountId === wanted);
  if (accounts.length === 0)
    throw new UsageError(
      `there is no account ${wanted ?? ""}; there are ${loaded.right.map(({ accountId }) => accountId).join(", ")}`,
    );
  // A stack trace per token is a fifth of the time synthesis takes, and nobody reads them.
  Error.stackTraceLimit = 0;
  mkdirSync(outdir, { recursive: true });
  const app = new App({ outdir });
  for (const account of accounts) new AccountStack(app, account);
  app.synth();
  for (const { accountId, environments } of accounts) {
    const stack = join(outdir, "stacks", accountStackName(accountId));
    complete(stack);
    console.log(`${accountId}  ${stack}  ${environments.map(({ name }) => name).join(", ")}`);
  }
  return 0;
};

const main = (): number => {
  const { values, positionals } = parse();
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  if (positionals.join(" ") !== "synth") throw new UsageError(`expected the command synth\n\n${USAGE}`);
  return synth(values);
};

try {
  process.exitCode = main();
} catch (error) {
  console.error(`account: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
