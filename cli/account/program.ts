/** The command that synthesizes what AWS accounts need before their first environment. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import { command, Ended, run, wrongUse } from "../../lib/command";
import { AccountStack, accountStackName } from "../../stacks/account/account-stack";
import { synthesized } from "../../stacks/app";
import { addRunFiles } from "../../stacks/run-files";
import { loadAccounts } from "./settings";
import { allEnvironments, FOLDER } from "../environment-files";

const synthCommand = command("synth")
  .description("write a Terraform stack for each AWS account")
  .option("--account <id>", "only this account")
  .option("--settings <file>", "the accounts", join("stacks", "account", "accounts.json"))
  .option("--outdir <dir>", "where to write", join("cdktf.out", "accounts"))
  .addHelpText(
    "after",
    `
Each has the state bucket, the identity providers of HCP Terraform and GitHub, and for each environment of the
account the roles that plan, apply and check it. docs/account.md tells how an account is bootstrapped with it.

Environment: ORDERS_ENVIRONMENTS, another folder of environment files.

Exit status: 0 written; 1 the settings or the environment files are faulty; 2 wrong use.`,
  );

type Options = ReturnType<typeof synthCommand.opts>;

const synth = ({ account: wanted, settings, outdir }: Options): number => {
  const loaded = pipe(
    allEnvironments(),
    E.mapLeft(({ message }) => [message]),
    E.flatMap((environments) => loadAccounts(settings, environments)),
  );
  if (E.isLeft(loaded)) {
    console.error(loaded.left.join("\n"));
    return 1;
  }
  const accounts = loaded.right.filter(({ accountId }) => wanted === undefined || accountId === wanted);
  if (accounts.length === 0)
    throw new Ended(
      wrongUse(
        `there is no account ${wanted ?? ""}; there are ${loaded.right.map(({ accountId }) => accountId).join(", ")}`,
      ),
    );
  mkdirSync(outdir, { recursive: true });
  synthesized(outdir, (app) => {
    for (const account of accounts) new AccountStack(app, account);
  });
  for (const { accountId, environments } of accounts) {
    const stack = join(outdir, "stacks", accountStackName(accountId));
    addRunFiles(stack);
    const names = environments.map(({ name }) => name).join(", ");
    console.log(
      `${accountId}  ${stack}  ${names === "" ? `no roles: no file in ${FOLDER} has "account_id": "${accountId}"` : names}`,
    );
  }
  return 0;
};

export const program = command("account").description(
  "the stacks that AWS accounts need before their first environment",
);

program.addCommand(synthCommand.action((options) => run(2, () => synth(options))));
