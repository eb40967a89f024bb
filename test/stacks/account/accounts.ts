import { isLeft } from "fp-ts/Either";
import { loadAccounts } from "../../../cli/account/settings";
import type { Environment } from "../../../environments/environment";
import { type Account, AccountStack } from "../../../stacks/account/account-stack";
import { type Declared, declaredStack, shippedEnvironments } from "../../support/synth";
import { statementsIn } from "./evaluate";

const SETTINGS = "stacks/account/accounts.json";

export const accountsOf = (environments: ReadonlyArray<Environment>): ReadonlyArray<Account> => {
  const loaded = loadAccounts(SETTINGS, environments);
  if (isLeft(loaded)) throw new Error(loaded.left.join("\n"));
  return loaded.right;
};

/** The shipped environment of a name, the account it lives in, and what that account's stack declares. */
export const accountOf = (
  name: string,
  changed: (environment: Environment) => Environment = (environment) => environment,
): { readonly environment: Environment; readonly declared: Declared } => {
  const environments = shippedEnvironments().map((one) => (one.name === name ? changed(one) : one));
  for (const account of accountsOf(environments)) {
    const environment = account.environments.find((one) => one.name === name);
    if (environment !== undefined)
      return { environment, declared: declaredStack((app) => new AccountStack(app, account)) };
  }
  throw new Error(`no account has ${name}`);
};

/** What a role may do: its own policies and those attached to it. */
export const permissionsOf = (declared: Declared, role: string) => {
  const isOf = (one: Readonly<Record<string, unknown>>): boolean =>
    String(one["role"]).includes(`aws_iam_role.${role}.`);
  const attached = Object.values(declared.all("aws_iam_role_policy_attachment"))
    .filter(isOf)
    .map(({ policy_arn: arn }) => /aws_iam_policy\.(\w+)\./.exec(String(arn))?.[1] ?? "");
  return [
    ...Object.values(declared.all("aws_iam_role_policy")).filter(isOf),
    ...attached.map((policy) => declared.one(`aws_iam_policy.${policy}`)),
  ].flatMap(({ policy }) => statementsIn(policy));
};

export const trustOf = (declared: Declared, role: string) =>
  statementsIn(declared.one(`aws_iam_role.${role}`)["assume_role_policy"]);
