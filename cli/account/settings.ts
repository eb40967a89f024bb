import { readFileSync } from "node:fs";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as t from "io-ts";
import type { Environment } from "../../environments/environment";
import { AccountId, HttpUrl, matching, Region, Text } from "../../environments/fields";
import { described, exactly, ofWords } from "../../lib/exactly";
import { faultLine } from "../../lib/faults";
import { reasonOf } from "../../lib/thrown";
import { decodeWritten } from "../../lib/written-file";
import type { Account } from "../../stacks/account/account-stack";

const Id = described(
  t.refinement(t.number, (id) => Number.isSafeInteger(id) && id > 0),
  "a whole number, as GitHub's API has it",
);

const AccountEntry = exactly(
  {
    account_id: AccountId,
    region: Region,
    state: ofWords(
      described(t.keyof({ local: null, bucket: null }), 'where its own state is, "local" or "bucket"'),
      ["local", "bucket"],
    ),
  },
  {
    /** An AWS-compatible API that stands in for AWS's own. */
    endpoint: HttpUrl,
  },
  "an account {account_id, region, state}",
);

const Settings = exactly(
  {
    /** Names can be given up and taken by others; ids cannot. A workflow's token has both. */
    github_repository: exactly(
      {
        owner: matching(/^[\w-]+$/, "the name of an organization or a user"),
        owner_id: Id,
        name: matching(/^[\w.-]+$/, "the name of a repository"),
        id: Id,
      },
      {},
      "a repository {owner, owner_id, name, id}",
    ),
    /** Bucket names are unique in the world: `-<account id>` is appended. */
    state_bucket: matching(
      /^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$/,
      "3 to 50 lower-case letters, digits, hyphens",
    ),
    tags: exactly({ owner: Text, cost_centre: Text }, {}, "{owner, cost_centre}"),
    accounts: t.readonlyArray(AccountEntry),
  },
  {},
  "the accounts' settings",
);
type Settings = t.TypeOf<typeof Settings>;

type Lines = ReadonlyArray<string>;

const decoded = (file: string): E.Either<Lines, Settings> =>
  pipe(
    E.tryCatch(
      () => readFileSync(file, "utf8"),
      (error) => [`${file}: expected the accounts' settings, got ${reasonOf(error)}`],
    ),
    E.flatMap((text) =>
      pipe(
        decodeWritten(Settings, text).decoded,
        E.mapLeft((faults) => faults.map((fault) => `${file}: ${faultLine(fault)}`)),
      ),
    ),
  );

const accountOf = (
  { github_repository, state_bucket, tags }: Settings,
  { account_id, region, state, endpoint }: Settings["accounts"][number],
  environments: ReadonlyArray<Environment>,
): Account => ({
  accountId: account_id,
  region,
  endpoint,
  tags: { ...tags, environment: "account" },
  stateBucket: `${state_bucket}-${account_id}`,
  state,
  repository: github_repository,
  environments: environments.filter((environment) => environment.account_id === account_id),
});

/** What the accounts' settings and the environment files must agree on. */
const contradictions = (
  file: string,
  accounts: ReadonlyArray<Account>,
  environments: ReadonlyArray<Environment>,
): Lines => [
  ...accounts.flatMap(({ accountId }, index) =>
    accounts.findIndex((other) => other.accountId === accountId) === index
      ? []
      : [`${file}: accounts[${index}].account_id: expected each account once, got ${accountId} again`],
  ),
  ...environments.flatMap(({ name, account_id, region, backend }) => {
    const account = accounts.find(({ accountId }) => accountId === account_id);
    if (account === undefined)
      return [`${file}: accounts: expected one for ${name}.json's account_id ${account_id}, got none`];
    return [
      ...(region === account.region
        ? []
        : [`${name}.json: region: expected its account's, ${account.region}, got ${region}`]),
      ...(backend.type !== "s3" || backend.bucket === account.stateBucket
        ? []
        : [
            `${name}.json: backend.bucket: expected its account's, ${account.stateBucket}, got ${backend.bucket}`,
          ]),
    ];
  }),
];

/**
 * The accounts of a settings file, each with the environments that name it.
 *
 * @param all every environment; the local one lives in no account
 * @returns the accounts, or a line for every fault
 */
export const loadAccounts = (
  file: string,
  all: ReadonlyArray<Environment>,
): E.Either<Lines, ReadonlyArray<Account>> =>
  pipe(
    decoded(file),
    E.flatMap((settings) => {
      const environments = all.filter(({ name }) => name !== "local");
      const accounts = settings.accounts.map((entry) => accountOf(settings, entry, environments));
      const lines = contradictions(file, accounts, environments);
      return lines.length === 0 ? E.right(accounts) : E.left(lines);
    }),
  );
