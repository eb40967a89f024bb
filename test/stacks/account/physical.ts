import type { Environment } from "../../../environments/environment";
import type { Attributes, Declared } from "../../support/synth";

/** The ARNs that AWS will give to what a stack declares, where a name makes them. */

type Arn = (attributes: Attributes, at: string, account: string) => string;
const named =
  (service: string, before: string, attribute = "name"): Arn =>
  (attributes, region, account) =>
    `arn:aws:${service}:${region}:${account}:${before}${String(attributes[attribute])}`;

/** The type's ARN, and the action that makes one of it. */
const TYPES: Readonly<Record<string, readonly [Arn, string]>> = {
  aws_apigatewayv2_api: [(_, region) => `arn:aws:apigateway:${region}::/apis/a1b2c3`, "apigateway:POST"],
  aws_budgets_budget: [
    ({ name }, _, account) => `arn:aws:budgets::${account}:budget/${String(name)}`,
    "budgets:ModifyBudget",
  ],
  aws_cloudwatch_log_group: [named("logs", "log-group:"), "logs:CreateLogGroup"],
  aws_cloudwatch_dashboard: [
    ({ dashboard_name }, _, account) => `arn:aws:cloudwatch::${account}:dashboard/${String(dashboard_name)}`,
    "cloudwatch:PutDashboard",
  ],
  aws_cloudwatch_metric_alarm: [named("cloudwatch", "alarm:", "alarm_name"), "cloudwatch:PutMetricAlarm"],
  aws_dynamodb_table: [named("dynamodb", "table/"), "dynamodb:CreateTable"],
  aws_iam_openid_connect_provider: [
    ({ url }, _, account) => `arn:aws:iam::${account}:oidc-provider/${String(url).replace("https://", "")}`,
    "iam:CreateOpenIDConnectProvider",
  ],
  aws_iam_policy: [
    ({ name, path = "/" }, _, account) => `arn:aws:iam::${account}:policy${String(path)}${String(name)}`,
    "iam:CreatePolicy",
  ],
  aws_iam_role: [({ name }, _, account) => `arn:aws:iam::${account}:role/${String(name)}`, "iam:CreateRole"],
  aws_kms_alias: [named("kms", ""), "kms:CreateAlias"],
  aws_kms_key: [named("kms", "key/", "description"), "kms:CreateKey"],
  aws_lambda_function: [named("lambda", "function:", "function_name"), "lambda:CreateFunction"],
  aws_s3_bucket: [({ bucket }) => `arn:aws:s3:::${String(bucket)}`, "s3:CreateBucket"],
  aws_scheduler_schedule: [named("scheduler", "schedule/default/"), "scheduler:CreateSchedule"],
  aws_sfn_state_machine: [named("states", "stateMachine:"), "states:CreateStateMachine"],
  aws_sns_topic: [named("sns", ""), "sns:CreateTopic"],
  aws_sqs_queue: [named("sqs", ""), "sqs:CreateQueue"],
};

/** What is part of something else, or has no ARN. */
const PARTS =
  /^aws_(cloudwatch_query_definition|apigatewayv2_(authorizer|integration|route|stage)|iam_role_policy(_attachment)?|lambda_(event_source_mapping|function_event_invoke_config|permission)|s3_bucket_\w+|sns_topic_(policy|subscription)|sqs_queue_\w+)$/;

export type Made = { readonly address: string; readonly arn: string; readonly action: string };

/** @throws for a type that stands in neither list: its permissions would go unchecked */
export const madeBy = (declared: Declared, { region, account_id }: Environment): ReadonlyArray<Made> =>
  declared.addresses().flatMap((address) => {
    const [type = ""] = address.split(".");
    const known = TYPES[type];
    if (known === undefined) {
      if (PARTS.test(type)) return [];
      throw new Error(`${address}: what ARN has it, and which action makes it?`);
    }
    const [arn, action] = known;
    return [{ address, action, arn: arn(declared.one(address), region, account_id) }];
  });

/** A policy's text with the ARNs in place of references to them. */
export const resolved = (policy: string, made: ReadonlyArray<Made>, { region, account_id }: Environment) =>
  policy
    .replaceAll(
      /\$\{(\w+\.\w+)\.arn\}/g,
      (reference, address: string) => made.find((one) => one.address === address)?.arn ?? reference,
    )
    // Named by when it was made.
    .replaceAll(/\$\{(\w+\.\w+)\.stream_arn\}/g, (reference, address: string) => {
      const table = made.find((one) => one.address === address)?.arn;
      return table === undefined ? reference : `${table}/stream/2026-01-01T00:00:00.000`;
    })
    .replaceAll(/\$\{\w+\.\w+\.execution_arn\}/g, `arn:aws:execute-api:${region}:${account_id}:a1b2c3`);
