import { at, type Check, each, resources, type Rule, type Stack, type Violation } from "./rule";

/** The attribute that names a resource in AWS, and how a name that may not begin with the environment begins. */
const NAMES: Readonly<Record<string, readonly [attribute: string, before: string]>> = {
  aws_apigatewayv2_api: ["name", ""],
  aws_cloudwatch_log_group: ["name", "/aws/(lambda|apigateway|vendedlogs/states)/"],
  aws_cloudwatch_metric_alarm: ["alarm_name", ""],
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

const inProvider = (problem: string | undefined): ReadonlyArray<Violation> =>
  problem === undefined ? [] : [{ address: "provider.aws", problem }];

/** What AWS, Slack and others give their secrets to look like. */
const SECRETS: ReadonlyArray<RegExp> = [
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  /hooks\.slack\.com\/services\//,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(xox[abp]|gh[pousr])[-_][A-Za-z0-9-]{10,}/,
  /\.atlasv1\./,
];
/** A variable whose name says it holds a secret must hold the name of a parameter. */
const SECRET_NAME = /(SECRET|PASSWORD|TOKEN|WEBHOOK|_KEY)(?!.*_PARAMETER$)/;

const noSecrets: Check = (stack) => [
  ...stack.declared.addresses().flatMap((address) => {
    const text = JSON.stringify(stack.declared.one(address));
    return SECRETS.some((secret) => secret.test(text))
      ? [{ address, problem: "a secret stands in it: keep it in a parameter and give its name" }]
      : [];
  }),
  ...resources(stack, "aws_lambda_function").flatMap(({ address, attributes }) =>
    Object.keys((at(attributes, "environment.variables") as object | undefined) ?? {})
      .filter((name) => SECRET_NAME.test(name))
      .map((name) => ({ address, problem: `${name}: give the name of a parameter, as …_PARAMETER` })),
  ),
  ...inProvider(
    at(provider(stack), "access_key") === undefined && at(provider(stack), "secret_key") === undefined
      ? undefined
      : "no keys in code: roles are taken on",
  ),
];

export const ENVIRONMENT: ReadonlyArray<Rule> = [
  {
    sentence: "No secret and no credential stands in a stack",
    checkov: ["CKV_AWS_45"],
    check: noSecrets,
  },
  {
    sentence: "The provider works in the environment's own account and region alone",
    check: (stack) => {
      const { account_id, region } = stack.environment;
      const allowed = at(provider(stack), "allowed_account_ids");
      return inProvider(
        JSON.stringify(allowed) === JSON.stringify([account_id]) && at(provider(stack), "region") === region
          ? undefined
          : "set allowed_account_ids and region to the environment's",
      );
    },
  },
  {
    sentence: "The provider's version has an upper bound",
    check: (stack) =>
      inProvider(
        /</.test(String(at(stack.declared.terraform, "required_providers.aws.version")))
          ? undefined
          : "bound terraform.required_providers.aws.version",
      ),
  },
  {
    sentence: "Everything is tagged with its owner, cost centre and environment",
    check: (stack) => {
      const { tags } = stack.environment;
      const given = at(at(provider(stack), "default_tags"), "tags");
      const missing = (["owner", "cost_centre", "environment"] as const).find(
        (name) => at(given, name) !== tags[name],
      );
      return inProvider(missing === undefined ? undefined : `set the default tag ${missing}`);
    },
  },
  {
    sentence: "Everything is named after its environment, as DNS allows",
    trivy: ["AWS-0320"],
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
