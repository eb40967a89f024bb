import type { Environment } from "../../environments/environment";
import type { Grant } from "../../modules/policy";

/** What a role is granted, by what each part is for. */
export type Grants = Readonly<Record<string, readonly [Grant, ...Grant[]]>>;

/**
 * Where the account's own roles and policies stand, apart from those of the environments: an apply role may
 * write to roles called `<environment>-…`, and a path keeps its own role and boundary from being one of them.
 */
export const PATH = "/account/";

/** The policy that bounds every role of an environment's stack. */
export const boundaryName = (environment: string): string => `${environment}-boundary`;

export const boundaryArn = ({ name, account_id }: Environment): string =>
  `arn:aws:iam::${account_id}:policy${PATH}${boundaryName(name)}`;

type Service =
  | "apigateway"
  | "cloudwatch"
  | "dynamodb"
  | "execute-api"
  | "kms"
  | "lambda"
  | "logs"
  | "scheduler"
  | "sns"
  | "sqs"
  | "ssm"
  | "states";

/** ARNs in an environment's account and region, by what comes after these. */
export const arnsOf =
  ({ region, account_id }: Environment) =>
  (service: Service, resource: string): string =>
    `arn:aws:${service}:${region}:${service === "apigateway" ? "" : account_id}:${resource}`;

/** The roles of an environment's stack. */
export const roleArns = ({ name, account_id }: Environment): string =>
  `arn:aws:iam::${account_id}:role/${name}-*`;

/** Bucket names are unique in the world: ours end with the account. */
export const bucketArns = ({ name, account_id }: Environment): string =>
  `arn:aws:s3:::${name}-*-${account_id}`;

/** The roles of an environment's runs of HCP Terraform. */
export const planRoleName = (environment: string): string => `${environment}-hcp-plan`;
export const applyRoleName = (environment: string): string => `${environment}-hcp-apply`;

const runRoleArn = ({ account_id }: Environment, name: string): string =>
  `arn:aws:iam::${account_id}:role${PATH}${name}`;

/**
 * Who administers an environment's keys, by the keys' own policies. A policy of the roles' own could tell a key
 * by its tags alone, which KMS does not see for minutes after it was made. A role that does not exist makes KMS
 * refuse the policy: the account's stack makes these for whom it bounds, but for one that keeps its state in S3.
 */
export const keyAdministrators = (
  environment: Environment,
): { readonly plan: string; readonly apply: string } | undefined =>
  environment.permissions_boundary === undefined || environment.backend.type === "s3"
    ? undefined
    : {
        plan: runRoleArn(environment, planRoleName(environment.name)),
        apply: runRoleArn(environment, applyRoleName(environment.name)),
      };
