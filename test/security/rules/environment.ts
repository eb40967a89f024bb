import { isDeepStrictEqual } from "node:util";
import * as t from "io-ts";
import { at, type Check, each, resources, type Rule, type Stack, type Violation } from "./rule";

/** The attribute that names a resource in AWS, and how a name that may not begin with the environment begins. */
const NAMES: Readonly<Record<string, readonly [attribute: string, before: string]>> = {
  aws_apigatewayv2_api: ["name", ""],
  aws_budgets_budget: ["name", ""],
  aws_cloudwatch_log_group: ["name", "/aws/(lambda|vendedlogs/(apigateway|states))/"],
  aws_cloudwatch_dashboard: ["dashboard_name", ""],
  aws_cloudwatch_metric_alarm: ["alarm_name", ""],
  aws_cloudwatch_query_definition: ["name", ""],
  aws_dynamodb_table: ["name", ""],
  aws_iam_role: ["name", ""],
  aws_kms_alias: ["name", "alias/"],
  aws_lambda_function: ["function_name", ""],
  aws_s3_bucket: ["bucket", ""],
  aws_scheduler_schedule: ["name", ""],
  aws_sfn_state_machine: ["name", ""],
  aws_sns_topic: ["name", ""],
  aws_sqs_queue: ["name", ""],
};

const provider = ({ declared }: Stack): unknown => at(declared.provider, "aws");

const whole = ({ declared }: Stack): unknown => JSON.parse(declared.text);

const inProvider = (problem: string | undefined): ReadonlyArray<Violation> =>
  problem === undefined ? [] : [{ address: "provider.aws", problem }];

/** What AWS, Slack and others give their secrets to look like. */
const SECRETS: ReadonlyArray<RegExp> = [
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  // An AWS secret key: forty characters of base64, which no digest in hexadecimal is.
  /(?<![A-Za-z0-9/+=])(?=[A-Za-z0-9/+]*[A-Z])(?=[A-Za-z0-9/+]*[g-z])(?=[A-Za-z0-9/+]*\d)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/,
  /hooks\.slack\.com\/services\//,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(xox[abp]|gh[pousr])[-_][A-Za-z0-9-]{10,}/,
  /\.atlasv1\./,
  // A token of OAuth or OpenID, and a password in a URL.
  /\beyJ[\w-]{10,}\.eyJ[\w-]+\.[\w-]+/,
  /:\/\/[^\s/:@"]+:[^\s/@"]+@/,
];
/** A variable whose name says it holds a secret must hold the name of a parameter. */
const SECRET_NAME = /(SECRET|PASSWORD|TOKEN|WEBHOOK|_KEY)(?!.*_PARAMETER$)/;

const holdsSecret = (value: unknown): boolean => {
  const text = JSON.stringify(value ?? null);
  return SECRETS.some((secret) => secret.test(text));
};

/** Every part of the stack with its address. */
const parts = (stack: Stack): ReadonlyArray<{ readonly address: string; readonly value: unknown }> => [
  ...stack.declared.addresses().map((address) => ({ address, value: stack.declared.one(address) })),
  ...["output", "provider", "terraform"].map((address) => ({ address, value: at(whole(stack), address) })),
];

const noSecrets: Check = (stack) => [
  ...parts(stack)
    .filter(({ value }) => holdsSecret(value))
    .map(({ address }) => ({
      address,
      problem: "a secret stands in it: keep it in a parameter and give its name",
    })),
  ...resources(stack, "aws_lambda_function").flatMap(({ address, attributes }) =>
    Object.keys((at(attributes, "environment.variables") as object | undefined) ?? {})
      .filter((name) => SECRET_NAME.test(name))
      .map((name) => ({ address, problem: `${name}: give the name of a parameter, as …_PARAMETER` })),
  ),
];

/** What the provider is told; a key, a profile or a role to assume would make it somebody else. */
const TOLD = ["allowed_account_ids", "default_tags", "region"];

const ownAccountOnly: Check = (stack) => {
  const { account_id, region } = stack.environment;
  const told = provider(stack);
  const besides = Object.keys((t.UnknownArray.is(told) && told.length === 1 ? told[0] : told) ?? {}).find(
    (name) => !TOLD.includes(name),
  );
  if (besides !== undefined)
    return inProvider(`tell it no ${besides}: whoever applies takes a role on, in this account`);
  return inProvider(
    isDeepStrictEqual(at(told, "allowed_account_ids"), [account_id]) && at(told, "region") === region
      ? undefined
      : "set allowed_account_ids and region to the environment's",
  );
};

const keptState: Check = (stack) => {
  const { backend, cloud } = stack.declared.terraform;
  const isEncrypted = backend === undefined ? cloud !== undefined : at(backend, "s3.encrypt") === true;
  const isLocal = stack.environment.name === "local" && at(backend, "local") !== undefined;
  return isEncrypted || isLocal
    ? []
    : [{ address: "terraform.backend", problem: "keep it in HCP Terraform, or in S3 with encrypt" }];
};

/** Whose account is worked in, by which provider, and that nobody's credentials stand there. */
export const PROVIDER: ReadonlyArray<Rule> = [
  {
    sentence: "No secret and no credential stands in a stack",
    check: noSecrets,
  },
  {
    sentence: "The provider works in the environment's own account and region alone, as whoever applies",
    check: ownAccountOnly,
  },
  {
    sentence: "The provider is HashiCorp's, in versions that are bounded on both sides",
    check: (stack) => {
      const required = at(stack.declared.terraform, "required_providers.aws");
      if (!["aws", "hashicorp/aws"].includes(String(at(required, "source"))))
        return inProvider("set terraform.required_providers.aws.source to hashicorp/aws");
      return inProvider(
        /^>= [\d.]+, < [\d.]+$/.test(String(at(required, "version")))
          ? undefined
          : "bound terraform.required_providers.aws.version, as >= …, < …",
      );
    },
  },
];

export const ENVIRONMENT: ReadonlyArray<Rule> = [
  {
    sentence: "The state is kept encrypted, and on one machine for the local platform alone",
    check: keptState,
  },
  {
    sentence: "Everything is tagged with its owner, cost centre and environment",
    check: (stack) => {
      const { tags } = stack.environment;
      const given = at(at(provider(stack), "default_tags"), "tags");
      const missing = (["owner", "cost_centre", "environment"] as const).find(
        (name) => at(given, name) !== tags[name],
      );
      return [
        ...inProvider(missing === undefined ? undefined : `set the default tag ${missing}`),
        ...stack.declared.addresses().flatMap((address) => {
          const changed = Object.keys(tags).find(
            (name) => at(stack.declared.one(address)["tags"], name) !== undefined,
          );
          return changed === undefined ? [] : [{ address, problem: `leave the tag ${changed} as it is` }];
        }),
      ];
    },
  },
  {
    sentence: "Everything is named after its environment, as DNS allows",
    check: (stack) =>
      Object.entries(NAMES).flatMap(([type, [attribute, before]]) =>
        each(type, ({ attributes }) =>
          new RegExp(`^${before}${stack.environment.name}-[a-z0-9-]+$`).test(String(attributes[attribute]))
            ? undefined
            : `begin its ${attribute} with ${stack.environment.name}-`,
        )(stack),
      ),
  },
];
