/** The calls to AWS that `preflight` makes, and no other: each only reads, and the role for plans may make it. */
import {
  GetPolicyCommand,
  GetRoleCommand,
  IAMClient,
  ListOpenIDConnectProvidersCommand,
} from "@aws-sdk/client-iam";
import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { GetBucketLocationCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import type { Environment } from "../../environments/environment";
import { reasonOf } from "../../lib/thrown";

/** The IAM action of each; asking who one is needs none. */
export const ACTIONS = {
  GetCallerIdentity: "sts:GetCallerIdentity",
  DescribeParameters: "ssm:DescribeParameters",
  GetAccountSettings: "lambda:GetAccountSettings",
  GetFunctionConcurrency: "lambda:GetFunctionConcurrency",
  ListOpenIDConnectProviders: "iam:ListOpenIDConnectProviders",
  GetRole: "iam:GetRole",
  GetPolicy: "iam:GetPolicy",
  GetBucketLocation: "s3:GetBucketLocation",
} as const;
type Call = keyof typeof ACTIONS;

/** Why a read failed: what was asked for does not exist, or could not be read. */
export type NotRead = { readonly _tag: "Missing" } | { readonly _tag: "Unasked"; readonly reason: string };

type Answer<A> = TE.TaskEither<NotRead, A>;

const Named = t.type({ name: t.string });
const MISSING = /^(NoSuchEntity|NoSuchEntityException|NoSuchBucket|NotFound|ResourceNotFoundException)$/;

const asked = <A>(call: Call, send: () => Promise<A>): Answer<A> =>
  TE.tryCatch(send, (error): NotRead =>
    Named.is(error) && MISSING.test(error.name)
      ? { _tag: "Missing" }
      : { _tag: "Unasked", reason: `could not be asked (${ACTIONS[call]}): ${reasonOf(error)}` },
  );

export const readsOf = ({ region, endpoint }: Pick<Environment, "region" | "endpoint">) => {
  const settings = { region, maxAttempts: 3, ...(endpoint === undefined ? {} : { endpoint }) };
  const [iam, lambda, ssm, sts] = [
    new IAMClient(settings),
    new LambdaClient(settings),
    new SSMClient(settings),
    new STSClient(settings),
  ];
  const s3 = new S3Client({ ...settings, forcePathStyle: endpoint !== undefined });
  return {
    /** Whose credentials these are. */
    account: pipe(
      asked("GetCallerIdentity", () => sts.send(new GetCallerIdentityCommand({}))),
      TE.map(({ Account = "" }) => Account),
    ),
    /** The types of those parameters that exist, by name. Never a value. */
    parameters: (names: ReadonlyArray<string>): Answer<ReadonlyMap<string, string>> =>
      pipe(
        asked("DescribeParameters", () =>
          ssm.send(
            new DescribeParametersCommand({
              ParameterFilters: [{ Key: "Name", Option: "Equals", Values: [...names] }],
            }),
          ),
        ),
        TE.map(
          ({ Parameters = [] }) =>
            new Map(Parameters.map(({ Name = "", Type = "" }) => [Name, Type] as const)),
        ),
      ),
    /** Executions at once: what the account may have, and what of it no function has for itself. */
    concurrency: pipe(
      asked("GetAccountSettings", () => lambda.send(new GetAccountSettingsCommand({}))),
      TE.map(({ AccountLimit }) => ({
        limit: AccountLimit?.ConcurrentExecutions ?? 0,
        unreserved: AccountLimit?.UnreservedConcurrentExecutions ?? 0,
      })),
    ),
    /** Concurrency that functions have reserved already. */
    reserved: (FunctionName: string) =>
      pipe(
        asked("GetFunctionConcurrency", () =>
          lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })),
        ),
        TE.map(({ ReservedConcurrentExecutions = 0 }) => ReservedConcurrentExecutions),
      ),
    identityProviders: pipe(
      asked("ListOpenIDConnectProviders", () => iam.send(new ListOpenIDConnectProvidersCommand({}))),
      TE.map(({ OpenIDConnectProviderList: providers = [] }): ReadonlyArray<string> =>
        providers.flatMap(({ Arn }) => Arn ?? []),
      ),
    ),
    role: (RoleName: string): Answer<unknown> =>
      asked("GetRole", () => iam.send(new GetRoleCommand({ RoleName }))),
    policy: (PolicyArn: string): Answer<unknown> =>
      asked("GetPolicy", () => iam.send(new GetPolicyCommand({ PolicyArn }))),
    bucket: (Bucket: string): Answer<unknown> =>
      asked("GetBucketLocation", () => s3.send(new GetBucketLocationCommand({ Bucket }))),
  };
};

export type Reads = ReturnType<typeof readsOf>;
