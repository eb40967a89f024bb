import type { Change } from "./changed";

/**
 * What Checkov sees, so that no rule of ours repeats it: changes of prod's stack, each with the check that must
 * then fail. A version of Checkov that is blind to one of them is a failure of `npm run checkov`.
 */
export const SEEN: ReadonlyArray<Change & { readonly check: string }> = [
  { check: "CKV_AWS_27", path: "resource/aws_sqs_queue/orders_queue/sqs_managed_sse_enabled", value: false },
  { check: "CKV_AWS_7", path: "resource/aws_kms_key/topics_key/enable_key_rotation", value: false },
  { check: "CKV2_AWS_64", path: "resource/aws_kms_key/topics_key/policy", value: undefined },
  ...[
    ["CKV_AWS_53", "block_public_acls"],
    ["CKV_AWS_54", "block_public_policy"],
    ["CKV_AWS_55", "ignore_public_acls"],
    ["CKV_AWS_56", "restrict_public_buckets"],
  ].map(([check = "", attribute = ""]) => ({
    check,
    path: `resource/aws_s3_bucket_public_access_block/archive_public_access/${attribute}`,
    value: false,
  })),
  {
    check: "CKV2_AWS_65",
    path: "resource/aws_s3_bucket_ownership_controls/archive_ownership/rule",
    value: { object_ownership: "ObjectWriter" },
  },
  {
    check: "CKV_AWS_21",
    path: "resource/aws_s3_bucket_versioning/archive_versioning/versioning_configuration",
    value: { status: "Suspended" },
  },
  {
    check: "CKV2_AWS_16",
    path: "resource/aws_dynamodb_table/orders_table/billing_mode",
    value: "PROVISIONED",
  },
  {
    check: "CKV_AWS_28",
    path: "resource/aws_dynamodb_table/orders_table/point_in_time_recovery",
    value: undefined,
  },
  {
    check: "CKV_AWS_66",
    path: "resource/aws_cloudwatch_log_group/api_logs/retention_in_days",
    value: undefined,
  },
  {
    check: "CKV_AWS_338",
    path: "resource/aws_cloudwatch_log_group/place_orders_logs/retention_in_days",
    value: 90,
  },
  { check: "CKV_AWS_50", path: "resource/aws_lambda_function/place_orders/tracing_config", value: undefined },
  { check: "CKV_AWS_363", path: "resource/aws_lambda_function/place_orders/runtime", value: "nodejs16.x" },
  {
    check: "CKV_AWS_115",
    path: "resource/aws_lambda_function/place_orders/reserved_concurrent_executions",
    value: undefined,
  },
  {
    check: "CKV_AWS_76",
    path: "resource/aws_apigatewayv2_stage/api_stage/access_log_settings",
    value: undefined,
  },
];
