import type { Environment } from "../../environments/environment";
import type { Grant } from "../../modules/policy";

/** What a role is granted, by what each part is for. */
export type Grants = Readonly<Record<string, readonly [Grant, ...Grant[]]>>;

/**
 * Where the account's own roles and policies stand, apart from those of the environments: an apply role may
 * write to roles called `<environment>-…`, and a path keeps its own role and boundary from being one of them.
 */
export const PATH = "/account/";

/** Whose roles and boundary an environment has: its own; previews share one set. */
export const ownerOf = ({ name, preview }: Environment): string => (preview === undefined ? name : "preview");

/** The policy that bounds every role of an environment's stack. */
export const boundaryName = (owner: string): string => `${owner}-boundary`;

export const boundaryArn = (environment: Environment): string =>
  `arn:aws:iam::${environment.account_id}:policy${PATH}${boundaryName(ownerOf(environment))}`;

/** Compares with what may be a pattern: the name that all previews have. */
export const matching = (text: string): "StringEquals" | "StringLike" =>
  text.includes("*") ? "StringLike" : "StringEquals";

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

/** Dashboards are in no region. */
export const dashboardArns = ({ name, account_id }: Environment): string =>
  `arn:aws:cloudwatch::${account_id}:dashboard/${name}-*`;

/** Budgets are in no region. */
export const budgetArns = ({ name, account_id }: Environment): string =>
  `arn:aws:budgets::${account_id}:budget/${name}-*`;

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
        plan: runRoleArn(environment, planRoleName(ownerOf(environment))),
        apply: runRoleArn(environment, applyRoleName(ownerOf(environment))),
      };
