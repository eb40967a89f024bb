/** For each rule the smallest change to prod's stack that breaks it, and the resource the rule must then name. */

export type Break = {
  readonly sentence: string;
  /** Where in the stack's JSON, by `/`. */
  readonly path: string;
  /** What is put there; undefined: it is removed. */
  readonly value: unknown;
  readonly names: string;
};

const policy = (...statements: ReadonlyArray<object>): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

const open = { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" };
const noTls = (action: string) => ({
  Effect: "Deny",
  Principal: "*",
  Action: action,
  Resource: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

const resource = (address: string, attribute?: string): string =>
  ["resource", ...address.split("."), ...(attribute === undefined ? [] : [attribute])].join("/");

const broken = (
  sentence: string,
  address: string,
  attribute: string | undefined,
  value?: unknown,
  names = address,
): Break => ({ sentence, path: resource(address, attribute), value, names });

export const BREAKS: ReadonlyArray<Break> = [
  broken("Every table is encrypted at rest", "aws_dynamodb_table.orders_table", "server_side_encryption"),
  broken("Every queue is encrypted at rest", "aws_sqs_queue.orders_queue", "sqs_managed_sse_enabled", false),
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
    "Every key rotates, is in use, and has a policy that names who may use it",
    "aws_kms_key.topics_key",
    "enable_key_rotation",
    false,
  ),
  broken(
    "Every key rotates, is in use, and has a policy that names who may use it",
    "aws_kms_key.topics_key",
    "is_enabled",
    false,
  ),
  broken(
    "Every queue refuses requests without TLS",
    "aws_sqs_queue_policy.orders_queue_policy",
    "policy",
    policy(),
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
    policy(noTls("s3:PutObject")),
    "aws_s3_bucket.archive",
  ),
  broken(
    "No bucket can be made public, by any of the four ways",
    "aws_s3_bucket_public_access_block.archive_public_access",
    "restrict_public_buckets",
    false,
  ),
  broken(
    "No bucket can be made public, by any of the four ways",
    "aws_s3_bucket_public_access_block.archive_public_access",
    undefined,
    undefined,
    "aws_s3_bucket.archive",
  ),
  broken(
    "No bucket knows access lists: its owner owns what is in it",
    "aws_s3_bucket_ownership_controls.archive_ownership",
    "rule",
    { object_ownership: "ObjectWriter" },
    "aws_s3_bucket.archive",
  ),
  broken(
    "No queue, topic, bucket or key lets in strangers, or a service that acts for strangers",
    "aws_sqs_queue_policy.failures_policy",
    "policy",
    policy(noTls("sqs:*"), open),
  ),
  broken(
    "No queue, topic, bucket or key lets in strangers, or a service that acts for strangers",
    "aws_sqs_queue_policy.failures_policy",
    "policy",
    policy(noTls("sqs:*"), { ...open, Principal: { Service: "sns.amazonaws.com" } }),
  ),
  broken(
    "No queue, topic, bucket or key lets in strangers, or a service that acts for strangers",
    "aws_sqs_queue_policy.failures_policy",
    "policy",
    policy(noTls("sqs:*"), { ...open, Principal: { AWS: "arn:aws:iam::999999999999:root" } }),
  ),
  broken(
    "No queue, topic or bucket lets anybody do everything",
    "aws_sqs_queue_policy.failures_policy",
    "policy",
    policy(noTls("sqs:*"), {
      ...open,
      Action: "sqs:*",
      Principal: { AWS: "arn:aws:iam::333333333333:root" },
    }),
  ),
  broken(
    "No bucket shuts out everybody",
    "aws_s3_bucket_policy.archive_policy",
    "policy",
    policy(noTls("s3:*"), { Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: "*" }),
  ),
  broken(
    "Every permission to invoke a function is a service's, for one resource of this stack",
    "aws_lambda_permission.notify_slack_alarms",
    "source_arn",
  ),
  broken(
    "No function has an address of its own on the Internet",
    "aws_lambda_function_url.planted",
    undefined,
    { function_name: "x" },
  ),
  broken(
    "Every role is taken on by one service, for this account where the service says for which",
    "aws_iam_role.results_role",
    "assume_role_policy",
    policy({ Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }),
  ),
  broken(
    "Every role is taken on by one service, for this account where the service says for which",
    "aws_iam_role.place_orders_role",
    "assume_role_policy",
    policy({ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }),
  ),
  broken(
    "No role has an action by a wildcard",
    "aws_iam_role_policy.place_orders_role_orders_table_put",
    "policy",
    policy({ Effect: "Allow", Action: "dynamodb:*", Resource: "${aws_dynamodb_table.orders_table.arn}" }),
  ),
  broken(
    "No role acts on everything where the service lets a resource be named, or passes roles on",
    "aws_iam_role_policy.place_orders_role_orders_table_put",
    "policy",
    policy({ Effect: "Allow", Action: "dynamodb:PutItem", Resource: "*" }),
  ),
  broken("No role has a policy somebody else writes", "aws_iam_role_policy_attachment.planted", undefined, {
    role: "x",
    policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
  }),
  broken(
    "Every table of prod and staging can be brought back to any second of the last weeks",
    "aws_dynamodb_table.orders_table",
    "point_in_time_recovery",
  ),
  broken("Nothing that prod keeps can be destroyed by a plan", "aws_s3_bucket.archive", "lifecycle"),
  broken(
    "Nothing that prod keeps can be destroyed by a plan",
    "aws_dynamodb_table.orders_table",
    "deletion_protection_enabled",
    false,
  ),
  broken(
    "Every table takes whatever load comes",
    "aws_dynamodb_table.orders_table",
    "billing_mode",
    "PROVISIONED",
  ),
  broken(
    "Every bucket keeps what is overwritten for a while",
    "aws_s3_bucket_versioning.archive_versioning",
    "versioning_configuration",
    { status: "Suspended" },
    "aws_s3_bucket.archive",
  ),
  broken(
    "Every bucket forgets what is too old, overwritten or never finished",
    "aws_s3_bucket_lifecycle_configuration.archive_lifecycle",
    "rule",
    [{ status: "Enabled", expiration: { days: 1 }, noncurrent_version_expiration: { noncurrent_days: 1 } }],
    "aws_s3_bucket.archive",
  ),
  broken(
    "Every queue that a function reads has a dead-letter queue",
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
    { arn: "x", role_arn: "y" },
  ),
  broken(
    "Every queue that something is given up to has an alarm",
    "aws_cloudwatch_metric_alarm.alarm_orders_dead_letters",
    undefined,
    undefined,
    "aws_sqs_queue.orders_queue_dlq",
  ),
  broken(
    "Every function, state machine and API has alarms for its failures",
    "aws_cloudwatch_metric_alarm.alarm_sweep_orders_errors",
    undefined,
    undefined,
    "aws_lambda_function.sweep_orders",
  ),
  broken(
    "Every function, state machine and API has alarms for its failures",
    "aws_cloudwatch_metric_alarm.alarm_results_failed",
    undefined,
    undefined,
    "aws_sfn_state_machine.results",
  ),
  broken("Every alarm tells somebody", "aws_cloudwatch_metric_alarm.alarm_failures", "alarm_actions"),
  broken("Every log is kept for a stated time", "aws_cloudwatch_log_group.api_logs", "retention_in_days"),
  broken(
    "Every log of prod is kept for a year",
    "aws_cloudwatch_log_group.api_logs",
    "retention_in_days",
    90,
  ),
  broken(
    "Every function is traced, and logs JSON to a group of this stack",
    "aws_lambda_function.place_orders",
    "tracing_config",
  ),
  broken(
    "Every state machine is traced and logs each step, without the orders in it",
    "aws_sfn_state_machine.results",
    "logging_configuration",
    { level: "ALL", include_execution_data: true },
  ),
  broken(
    "Every function runs on a runtime AWS still patches",
    "aws_lambda_function.place_orders",
    "runtime",
    "nodejs16.x",
  ),
  broken(
    "Every function of prod has executions kept for it, and takes none of the others'",
    "aws_lambda_function.place_orders",
    "reserved_concurrent_executions",
  ),
  broken(
    "Every route of an API asks who it is",
    "aws_apigatewayv2_route.api_get_health",
    "authorization_type",
    "NONE",
  ),
  broken(
    "Every API is throttled and logs each request",
    "aws_apigatewayv2_stage.api_stage",
    "access_log_settings",
    undefined,
    "aws_apigatewayv2_api.api",
  ),
  broken(
    "No secret and no credential stands in a stack",
    "aws_lambda_function.notify_slack",
    "description",
    "AKIAABCDEFGHIJKLMNOP",
  ),
  broken("No secret and no credential stands in a stack", "aws_lambda_function.notify_slack", "environment", {
    variables: { SLACK_WEBHOOK: "anything" },
  }),
  {
    sentence: "The provider works in the environment's own account and region alone",
    path: "provider/aws/0/allowed_account_ids",
    value: ["222222222222"],
    names: "provider.aws",
  },
  {
    sentence: "The provider's version has an upper bound",
    path: "terraform/required_providers/aws/version",
    value: ">= 5.100",
    names: "provider.aws",
  },
  {
    sentence: "Everything is tagged with its owner, cost centre and environment",
    path: "provider/aws/0/default_tags/0/tags/owner",
    value: undefined,
    names: "provider.aws",
  },
  broken(
    "Everything is named after its environment, as DNS allows",
    "aws_sqs_queue.orders_queue",
    "name",
    "staging-orders",
  ),
];
