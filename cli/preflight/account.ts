/** What docs/account.md creates for an environment, read from the account's own stack. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import type { Environment } from "../../environments/environment";
import { type Account, AccountStack, accountStackName } from "../../stacks/account/account-stack";
import { synthesized } from "../../stacks/app";
import { PATH } from "../../stacks/account/names";

export type Bootstrapped = {
  readonly buckets: ReadonlyArray<string>;
  /** Hosts whose tokens the account takes. */
  readonly issuers: ReadonlyArray<string>;
  readonly roles: ReadonlyArray<string>;
  readonly policyArns: ReadonlyArray<string>;
};

const Named = t.record(t.string, t.type({ name: t.string }));
const Stack = t.type({
  resource: t.type({
    aws_s3_bucket: t.record(t.string, t.type({ bucket: t.string })),
    aws_iam_openid_connect_provider: t.record(t.string, t.type({ url: t.string })),
    aws_iam_role: Named,
    aws_iam_policy: Named,
  }),
});

const stackOf = (account: Account): unknown => {
  const outdir = mkdtempSync(join(tmpdir(), "orders-preflight-"));
  try {
    synthesized(outdir, (app) => new AccountStack(app, account));
    const stack = join(outdir, "stacks", accountStackName(account.accountId), "cdk.tf.json");
    return JSON.parse(readFileSync(stack, "utf8"));
  } finally {
    rmSync(outdir, { recursive: true });
  }
};

/** @param accounts of the settings; one of them has the environment */
export const bootstrappedFor = (
  { name, account_id }: Environment,
  accounts: ReadonlyArray<Account>,
): E.Either<string, Bootstrapped> => {
  const account = accounts.find(({ accountId }) => accountId === account_id);
  if (account === undefined) return E.left(`stacks/account/accounts.json has no account ${account_id}`);
  const stack = stackOf(account);
  if (!Stack.is(stack)) return E.left("the account's stack has no bucket, provider, role or policy");
  const { aws_s3_bucket, aws_iam_openid_connect_provider, aws_iam_role, aws_iam_policy } = stack.resource;
  const isOurs = (one: { readonly name: string }): boolean => one.name.startsWith(`${name}-`);
  return E.right({
    buckets: Object.values(aws_s3_bucket).map(({ bucket }) => bucket),
    issuers: Object.values(aws_iam_openid_connect_provider).map(({ url }) => new URL(url).host),
    roles: Object.values(aws_iam_role)
      .filter(isOurs)
      .map((role) => role.name),
    policyArns: Object.values(aws_iam_policy)
      .filter(isOurs)
      .map((policy) => `arn:aws:iam::${account_id}:policy${PATH}${policy.name}`),
  });
};
