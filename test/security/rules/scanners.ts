/** What these stacks hold. A new type comes with the scanners' rules for it, below. */
export const TYPES: ReadonlyArray<string> = [
  "aws_apigatewayv2_api",
  "aws_apigatewayv2_authorizer",
  "aws_apigatewayv2_integration",
  "aws_apigatewayv2_route",
  "aws_apigatewayv2_stage",
  "aws_cloudwatch_composite_alarm",
  "aws_cloudwatch_log_group",
  "aws_cloudwatch_metric_alarm",
  "aws_dynamodb_table",
  "aws_iam_role",
  "aws_iam_role_policy",
  "aws_kms_alias",
  "aws_kms_key",
  "aws_lambda_event_source_mapping",
  "aws_lambda_function",
  "aws_lambda_function_event_invoke_config",
  "aws_lambda_permission",
  "aws_s3_bucket",
  "aws_s3_bucket_lifecycle_configuration",
  "aws_s3_bucket_object_lock_configuration",
  "aws_s3_bucket_ownership_controls",
  "aws_s3_bucket_policy",
  "aws_s3_bucket_public_access_block",
  "aws_s3_bucket_server_side_encryption_configuration",
  "aws_s3_bucket_versioning",
  "aws_scheduler_schedule",
  "aws_sfn_state_machine",
  "aws_sns_topic",
  "aws_sns_topic_policy",
  "aws_sns_topic_subscription",
  "aws_sqs_queue",
  "aws_sqs_queue_policy",
  "aws_sqs_queue_redrive_allow_policy",
];

/**
 * The rules two common scanners have for the resource types of these stacks, by id: Checkov (bridgecrewio/checkov,
 * its checks for Terraform on AWS, August 2026) and Trivy (aquasecurity/trivy-checks, checks/cloud/aws, August
 * 2026). Every one is kept by a rule of ours or stands among the deviations. Checkov names the types of its rules
 * for what policies allow (CKV_AWS_286 to 290, 355) in their base class only, and the provider's (41) nowhere.
 */
const numbers = (prefix: string, ids: ReadonlyArray<number>, digits = 0): ReadonlyArray<string> =>
  ids.map((id) => `${prefix}${String(id).padStart(digits, "0")}`);

export const CHECKOV: ReadonlyArray<string> = [
  ...numbers(
    "CKV_AWS_",
    [
      7, 18, 19, 20, 21, 26, 27, 28, 33, 41, 45, 50, 53, 54, 55, 56, 57, 60, 61, 62, 63, 66, 70, 72, 76, 93,
      115, 116, 117, 119, 143, 144, 145, 158, 168, 169, 173, 227, 272, 274, 284, 285, 286, 287, 288, 289, 290,
      297, 300, 301, 309, 319, 338, 355, 363, 364, 379, 385, 387, 393,
    ],
  ),
  ...numbers("CKV2_AWS_", [5, 6, 10, 16, 23, 40, 46, 51, 56, 61, 62, 64, 65, 68, 73, 75, 77]),
];

export const TRIVY: ReadonlyArray<string> = numbers(
  "AWS-",
  [
    1, 2, 3, 4, 5, 17, 24, 25, 57, 65, 66, 67, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 132, 135, 136,
    170, 171, 172, 190, 320, 342, 345, 346,
  ],
  4,
);

/** What we do not do, and why. */
export type Deviation = {
  readonly ids: ReadonlyArray<string>;
  readonly asks: string;
  readonly why: string;
};

export const DEVIATIONS: ReadonlyArray<Deviation> = [
  {
    ids: [
      "CKV_AWS_119",
      "AWS-0025",
      "CKV2_AWS_73",
      "AWS-0135",
      "CKV_AWS_145",
      "AWS-0132",
      "CKV_AWS_158",
      "AWS-0017",
      "CKV_AWS_173",
      "CKV_AWS_297",
    ],
    asks: "a customer's key for tables, queues, buckets, logs, variables and schedules",
    why: "They are encrypted with AWS's keys. A key of ours would keep out nobody whom the policies let in, would cost a request each, and a lost key policy would lose the orders. Topics have one, because CloudWatch cannot publish under AWS's.",
  },
  {
    ids: ["CKV_AWS_117"],
    asks: "functions in a VPC",
    why: "They speak to AWS's APIs and the auction platform's public address only, and listen nowhere; a VPC would add a NAT gateway and take nothing away.",
  },
  {
    ids: ["CKV_AWS_272"],
    asks: "signed code",
    why: "Bundles are built reproducibly; the release manifest holds their digests and is verified before every deployment.",
  },
  {
    ids: ["CKV_AWS_18", "AWS-0089", "AWS-0171", "AWS-0172"],
    asks: "a log of every request to a bucket",
    why: "One role writes the archive and logs each object it writes. Who else reads it is for the account's trail, which is not this stack's.",
  },
  {
    ids: ["CKV_AWS_144"],
    asks: "buckets copied to another region",
    why: "Orders must not leave their region; versions and the auction platform's own feed are the second copy.",
  },
  {
    ids: ["CKV_AWS_143", "AWS-0170"],
    asks: "MFA delete",
    why: "It cannot be set by Terraform. Object Lock keeps the archive where the environment asks for it (archive_locked); a retried page adds a version, by design.",
  },
  {
    ids: ["CKV2_AWS_62"],
    asks: "notifications of a bucket's events",
    why: "Nothing waits for objects of the archive.",
  },
  {
    ids: ["CKV2_AWS_51", "CKV2_AWS_77", "AWS-0002", "AWS-0003", "AWS-0190", "AWS-0005"],
    asks: "client certificates, a WAF, caches, tracing or a domain's TLS policy for an API",
    why: "HTTP APIs have none of them without a domain of one's own. Requests are signed or carry a token, are throttled and traced from the function on.",
  },
  {
    ids: ["CKV2_AWS_5", "CKV2_AWS_10", "CKV2_AWS_23", "CKV2_AWS_46", "CKV2_AWS_68", "CKV2_AWS_75"],
    asks: "things of security groups, trails, Route 53, CloudFront, SageMaker and function URLs",
    why: "These stacks have none.",
  },
];
