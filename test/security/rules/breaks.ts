import type { Change } from "../changed";

/** For each rule the smallest change to prod's stack that breaks it, and the resource the rule must then name. */
export type Break = Change & {
  readonly sentence: string;
  readonly names: string;
  /** It puts something where there is nothing yet; every other break must find what it changes. */
  readonly plants: boolean;
  /** Other rules that rightly say something about it too. */
  readonly also: ReadonlyArray<string>;
};

const policy = (...statements: ReadonlyArray<object>): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

const open = { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" };
const noTls = (action: string, ...resources: ReadonlyArray<string>) => ({
  Effect: "Deny",
  Principal: "*",
  Action: action,
  Resource: resources,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

const FAILURES = "${aws_sqs_queue.failures.arn}";
const ARCHIVE = "${aws_s3_bucket.archive.arn}";
const ORDERS_TABLE = "${aws_dynamodb_table.orders_table.arn}";

const pathOf = (address: string, attribute?: string): string =>
  ["resource", ...address.split("."), ...(attribute === undefined ? [] : [attribute])].join("/");

const broken = (
  sentence: string,
  address: string,
  attribute: string | undefined,
  value?: unknown,
  names = address,
  also: ReadonlyArray<string> = [],
): Break => ({ sentence, path: pathOf(address, attribute), value, names, plants: false, also });

const planted = (
  sentence: string,
  address: string,
  attribute: string | undefined,
  value: unknown,
  also: ReadonlyArray<string> = [],
): Break => ({ ...broken(sentence, address, attribute, value, address, also), plants: true });

/** What stands beside the resources: the provider, the backend. */
const outside = (sentence: string, path: string, value: unknown, names: string, plants = false): Break => ({
  sentence,
  path,
  value,
  names,
  plants,
  also: [],
});

/** A policy of one of prod's roles. */
const roleBroken = (sentence: string, statement: object): Break =>
  broken(sentence, "aws_iam_role_policy.place_orders_role_orders_table_insert", "policy", policy(statement));

/** The failures queue's policy with a statement more. */
const failuresBroken = (sentence: string, statement: object): Break =>
  broken(
    sentence,
    "aws_sqs_queue_policy.failures_policy",
    "policy",
    policy(noTls("sqs:*", FAILURES), statement),
  );

// Sentences that are broken in several ways.
const STRANGERS = "No queue, topic, bucket or key lets in strangers, or a service that acts for strangers";
const VAGUE = "No role acts on everything where the service lets a resource be named";
const THROTTLED = "Every API is throttled, whatever the stage and route";
const BUNDLE = "Every function runs the bundle of this stack, and nothing besides";
const SECRET = "No secret and no credential stands in a stack";
const OWN_ACCOUNT =
  "The provider works in the environment's own account and region alone, as whoever applies";
const PROVIDER = "The provider is HashiCorp's, in versions that are bounded on both sides";
const TAGGED = "Everything is tagged with its owner, cost centre and environment";
const KNOWN_PARTS = "A stack has resources of the one provider, and no module or data these rules do not see";
const UNKNOWN_TYPE = "Every resource is of a type these rules know";
const ELSEWHERE = "No resource holds what belongs in a resource of its own, or runs a program";
const READABLE = "Every policy is written so that these rules can read it";

const TELLS = "Every alarm tells somebody";
const WATCHED =
  "Every state machine has an alarm on its successes, and every API on the rate of its 5xx answers";

export const BREAKS: ReadonlyArray<Break> = [
  broken("Every table is encrypted at rest", "aws_dynamodb_table.orders_table", "server_side_encryption"),
  broken(
    "Every topic is encrypted with a key of this stack, for CloudWatch may use no key of AWS's own",
    "aws_sns_topic.alarms",
    "kms_master_key_id",
    "alias/aws/sns",
  ),
  broken(
    "Every bucket is encrypted at rest",
    "aws_s3_bucket_server_side_encryption_configuration.archive_encryption",
    undefined,
    undefined,
    "aws_s3_bucket.archive",
  ),
  broken(
    "Every queue refuses requests without TLS",
    "aws_sqs_queue_policy.orders_queue_policy",
    "policy",
    policy(noTls("sqs:SendMessage", "${aws_sqs_queue.orders_queue.arn}")),
    "aws_sqs_queue.orders_queue",
  ),
  broken(
    "Every topic refuses messages published without TLS",
    "aws_sns_topic_policy.notifications_policy",
    "policy",
    policy(),
    "aws_sns_topic.notifications",
  ),
  broken(
    "Every bucket refuses requests without TLS",
    "aws_s3_bucket_policy.archive_policy",
    "policy",
    policy(noTls("s3:PutObject", ARCHIVE, `${ARCHIVE}/*`)),
    "aws_s3_bucket.archive",
  ),
  failuresBroken(STRANGERS, open),
  failuresBroken(STRANGERS, { ...open, Principal: { Service: "sns.amazonaws.com" } }),
  failuresBroken(STRANGERS, { ...open, Principal: { AWS: "arn:aws:iam::999999999999:root" } }),
  failuresBroken("No queue, topic or bucket lets anybody do everything", {
    ...open,
    Action: "sqs:*",
    Principal: { AWS: "arn:aws:iam::333333333333:root" },
  }),
  broken(
    "No bucket shuts out everybody",
    "aws_s3_bucket_policy.archive_policy",
    "policy",
    policy(noTls("s3:*", ARCHIVE, `${ARCHIVE}/*`), {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:GetObject",
      Resource: "*",
    }),
  ),
  broken(
    "Every permission to invoke a function is a service's, for one resource of this stack",
    "aws_lambda_permission.notify_slack_alarms_invokes",
    "source_arn",
  ),
  planted(
    "No function has an address of its own on the Internet",
    "aws_lambda_function_url.planted",
    undefined,
    { function_name: "x" },
    [UNKNOWN_TYPE],
  ),
  broken(
    "Every role is assumed by one service, for this account where the service says for which",
    "aws_iam_role.results_role",
    "assume_role_policy",
    policy({ Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }),
  ),
  broken(
    "Every role is assumed by one service, for this account where the service says for which",
    "aws_iam_role.place_orders_role",
    "assume_role_policy",
    policy({ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }),
  ),
  broken(
    "Every role is assumed by one service, for this account where the service says for which",
    "aws_iam_role.place_orders_role",
    "assume_role_policy",
    policy({
      Effect: "Allow",
      Principal: { Service: "lambda.amazonaws.com", Federated: "accounts.example" },
      Action: "sts:AssumeRole",
    }),
  ),
  roleBroken("No role has an action by a wildcard", {
    Effect: "Allow",
    Action: "dynamodb:Put*",
    Resource: ORDERS_TABLE,
  }),
  roleBroken(VAGUE, { Effect: "Allow", Action: "dynamodb:PutItem", Resource: "*" }),
  roleBroken(VAGUE, {
    Effect: "Allow",
    Action: "dynamodb:PutItem",
    Resource: "arn:aws:dynamodb:eu-central-1:*:table/*",
  }),
  roleBroken(VAGUE, { Effect: "Allow", Action: "s3:PutObject", Resource: `${ARCHIVE}/*` }),
  roleBroken(
    "No role hands on permissions, or changes what others run: it uses the services orders pass through",
    { Effect: "Allow", Action: "iam:PassRole", Resource: "${aws_iam_role.results_role.arn}" },
  ),
  roleBroken(
    "No role hands on permissions, or changes what others run: it uses the services orders pass through",
    {
      Effect: "Allow",
      Action: "lambda:UpdateFunctionCode",
      Resource: "${aws_lambda_function.place_orders.arn}",
    },
  ),
  planted(
    "No role has a policy somebody else writes",
    "aws_iam_role_policy_attachment.planted",
    undefined,
    { role: "x", policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    [UNKNOWN_TYPE],
  ),
  ...[
    "aws_lambda_event_source_mapping.submit_orders_orders_queue_source",
    "aws_lambda_function_event_invoke_config.notify_slack_failures",
    "aws_scheduler_schedule.results_schedule",
    "aws_sfn_state_machine.results",
  ].map((address) =>
    broken("Whatever acts as soon as it is made waits until its role may", address, "depends_on"),
  ),
  broken(
    "Every role may do what tracing and logging take",
    "aws_iam_role_policy.results_role_tracing",
    "policy",
    policy({
      Effect: "Allow",
      Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
      Resource: "*",
    }),
    "aws_sfn_state_machine.results",
  ),
  broken("Nothing that prod keeps can be destroyed by a plan", "aws_s3_bucket.archive", "lifecycle"),
  broken(
    "Nothing that prod keeps can be destroyed by a plan",
    "aws_dynamodb_table.orders_table",
    "deletion_protection_enabled",
    false,
  ),
  broken(
    "Every bucket forgets what is too old, overwritten or never finished",
    "aws_s3_bucket_lifecycle_configuration.archive_lifecycle",
    "rule",
    [{ status: "Enabled", expiration: { days: 1 }, noncurrent_version_expiration: { noncurrent_days: 1 } }],
    "aws_s3_bucket.archive",
  ),
  broken(
    "Every queue and stream that a function reads has a queue for what fails",
    "aws_sqs_queue.orders_queue",
    "redrive_policy",
    undefined,
    "aws_lambda_event_source_mapping.submit_orders_orders_queue_source",
  ),
  broken(
    "Every function that is invoked asynchronously has a failure destination",
    "aws_lambda_function_event_invoke_config.notify_slack_failures",
    undefined,
    undefined,
    "aws_lambda_function.notify_slack",
  ),
  broken(
    "Every subscription of a function and every schedule has a dead-letter queue",
    "aws_sns_topic_subscription.alarms_notify_slack",
    "redrive_policy",
  ),
  broken(
    "Every subscription of a function and every schedule has a dead-letter queue",
    "aws_scheduler_schedule.results_schedule",
    "target",
    { arn: "x", role_arn: "${aws_iam_role.results_schedule_role.arn}" },
  ),
  broken(
    "Every queue that something is given up to has an alarm that rings at the first",
    "aws_cloudwatch_metric_alarm.alarm_orders_dead_letters",
    undefined,
    undefined,
    "aws_sqs_queue.orders_queue_dlq",
  ),
  broken(
    "Every queue that a function reads has an alarm on the age of its oldest message",
    "aws_cloudwatch_metric_alarm.alarm_orders_queue_age",
    undefined,
    undefined,
    "aws_sqs_queue.orders_queue",
  ),
  broken(
    WATCHED,
    "aws_cloudwatch_metric_alarm.alarm_api_errors",
    undefined,
    undefined,
    "aws_apigatewayv2_api.api",
  ),
  broken(
    WATCHED,
    "aws_cloudwatch_metric_alarm.alarm_results_missing",
    undefined,
    undefined,
    "aws_sfn_state_machine.results",
  ),
  broken(TELLS, "aws_cloudwatch_metric_alarm.alarm_failures", "alarm_actions"),
  broken(
    "Every alarm says what it means and where the runbook says what to do",
    "aws_cloudwatch_metric_alarm.alarm_failures",
    "alarm_description",
    "Something was not delivered, and nobody knows why. Runbook: docs/runbook.md#nowhere",
  ),
  broken(
    "Every subscription to alarms is told what rang and what is over, not that an alarm has begun to look",
    "aws_sns_topic_subscription.alarms_notify_slack",
    "filter_policy",
  ),
  broken(
    "Every function logs JSON to a group of this stack",
    "aws_lambda_function.place_orders",
    "logging_config/log_format",
    "Text",
  ),
  broken(
    "Every state machine is traced and logs each step, without the orders in it",
    "aws_sfn_state_machine.results",
    "logging_configuration",
    { level: "ALL", include_execution_data: true },
  ),
  broken(
    "Every route of an API asks who it is",
    "aws_apigatewayv2_route.api_get_health",
    "authorization_type",
    "NONE",
  ),
  broken(
    "Every route of an API asks who it is",
    "aws_apigatewayv2_route.api_get_health",
    "authorization_type",
    "JWT",
  ),
  planted(
    "Every route of an API asks who it is",
    "aws_apigatewayv2_api.api",
    "target",
    "${aws_lambda_function.place_orders.arn}",
  ),
  broken(THROTTLED, "aws_apigatewayv2_stage.api_stage", "default_route_settings"),
  planted(THROTTLED, "aws_apigatewayv2_stage.api_stage", "route_settings", [
    { route_key: "POST /orders", throttling_rate_limit: 1_000_000 },
  ]),
  planted(THROTTLED, "aws_apigatewayv2_stage.planted", undefined, {
    api_id: "${aws_apigatewayv2_api.api.id}",
    name: "other",
  }),
  planted("No API may be called by the pages of any site", "aws_apigatewayv2_api.api", "cors_configuration", {
    allow_origins: ["*"],
  }),
  planted(BUNDLE, "aws_lambda_function.place_orders", "layers", [
    "arn:aws:lambda:eu-central-1:999999999999:layer:other:1",
  ]),
  broken(BUNDLE, "aws_lambda_function.place_orders", "source_code_hash"),
  ...[
    "AKIAABCDEFGHIJKLMNOP",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "https://hooks.slack.com/services/T0/B0/planted",
    "https://desk:planted@auction.example.com",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJkZXNrIn0.cGxhbnRlZA",
    "-----BEGIN EC PRIVATE KEY-----",
  ].map((secret) => planted(SECRET, "aws_lambda_function.notify_slack", "description", secret)),
  broken(SECRET, "aws_lambda_function.notify_slack", "environment", {
    variables: { SLACK_WEBHOOK: "anything" },
  }),
  outside(SECRET, "output/api_endpoint/value", "https://hooks.slack.com/services/T0/B0/planted", "output"),
  outside(OWN_ACCOUNT, "provider/aws/0/allowed_account_ids", ["222222222222"], "provider.aws"),
  outside(OWN_ACCOUNT, "provider/aws/0/access_key", "anything", "provider.aws", true),
  outside(OWN_ACCOUNT, "provider/aws/0/skip_requesting_account_id", true, "provider.aws", true),
  outside(PROVIDER, "terraform/required_providers/aws/version", ">= 5.100", "provider.aws"),
  outside(PROVIDER, "terraform/required_providers/aws/source", "somebody/aws", "provider.aws"),
  outside(
    "The state is kept encrypted, and on one machine for the local platform alone",
    "terraform/backend",
    { s3: { bucket: "state", key: "prod", region: "eu-central-1" } },
    "terraform.backend",
    true,
  ),
  outside(KNOWN_PARTS, "module", { planted: { source: "somewhere" } }, "module", true),
  outside(KNOWN_PARTS, "data", { aws_ssm_parameter: { planted: { name: "/secret" } } }, "data", true),
  outside(KNOWN_PARTS, "provider/null", [{}], "provider.null", true),
  planted(UNKNOWN_TYPE, "aws_iam_access_key.planted", undefined, { user: "somebody" }),
  planted(UNKNOWN_TYPE, "aws_s3_bucket_acl.planted", undefined, {
    bucket: "${aws_s3_bucket.archive.id}",
    acl: "public-read",
  }),
  planted(ELSEWHERE, "aws_iam_role.place_orders_role", "inline_policy", [
    { name: "planted", policy: policy({ Effect: "Allow", Action: "*", Resource: "*" }) },
  ]),
  planted(ELSEWHERE, "aws_sqs_queue.failures", "policy", policy(open)),
  planted(ELSEWHERE, "aws_sqs_queue.failures", "provisioner", [{ "local-exec": { command: "true" } }]),
  roleBroken(READABLE, { Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
  roleBroken(READABLE, { Effect: "Allow", Action: "dynamodb:PutItem", NotResource: ORDERS_TABLE }),
  broken(
    READABLE,
    "aws_iam_role_policy.place_orders_role_orders_table_insert",
    "policy",
    JSON.stringify({ Statement: { Effect: "Allow", Action: "*", Resource: "*" } }),
  ),
  broken(
    READABLE,
    "aws_iam_role_policy.place_orders_role_orders_table_insert",
    "policy",
    "${data.aws_iam_policy_document.planted.json}",
  ),
  planted(
    "Nothing that prod keeps can be destroyed by a plan",
    "aws_s3_bucket.archive",
    "force_destroy",
    true,
  ),
  broken(
    "Every queue that something is given up to has an alarm that rings at the first",
    "aws_cloudwatch_metric_alarm.alarm_failures",
    "threshold",
    1_000,
    "aws_sqs_queue.failures",
  ),
  broken(TELLS, "aws_cloudwatch_metric_alarm.alarm_failures", "alarm_actions", [
    "arn:aws:sns:eu-central-1:333333333333:nobody",
  ]),
  broken(
    "Every function that is invoked asynchronously has a failure destination",
    "aws_lambda_function_event_invoke_config.notify_slack_failures",
    "destination_config",
    { on_failure: { destination: "arn:aws:sqs:eu-central-1:999999999999:other" } },
    "aws_lambda_function.notify_slack",
  ),
  broken(
    "Every bucket refuses requests without TLS",
    "aws_s3_bucket_policy.archive_policy",
    "policy",
    policy(noTls("s3:*", ARCHIVE)),
    "aws_s3_bucket.archive",
  ),
  broken(
    "Every queue refuses requests without TLS",
    "aws_sqs_queue_policy.failures_policy",
    "policy",
    policy({
      ...noTls("sqs:*", FAILURES),
      Condition: {
        Bool: { "aws:SecureTransport": "false" },
        StringEquals: { "aws:PrincipalAccount": "333333333333" },
      },
    }),
    "aws_sqs_queue.failures",
  ),
  failuresBroken(STRANGERS, {
    ...open,
    Principal: { AWS: "arn:aws:iam::999999999999:role/333333333333" },
  }),
  failuresBroken(STRANGERS, { ...open, Principal: { CanonicalUser: "anybody" } }),
  failuresBroken(STRANGERS, {
    ...open,
    Principal: { Service: "sns.amazonaws.com" },
    Condition: { StringNotEquals: { "aws:SourceAccount": "999999999999" } },
  }),
  broken(
    "Every permission to invoke a function is a service's, for one resource of this stack",
    "aws_lambda_permission.notify_slack_alarms_invokes",
    "action",
    "lambda:*",
  ),
  outside(TAGGED, "provider/aws/0/default_tags/0/tags/owner", undefined, "provider.aws"),
  planted(TAGGED, "aws_sqs_queue.failures", "tags", { owner: "" }),
  broken(
    "Everything is named after its environment, as DNS allows",
    "aws_sqs_queue.orders_queue",
    "name",
    "staging-orders",
  ),
];
