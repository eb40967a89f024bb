import { all, at, companion, each, has, type Rule } from "./rule";

const KEPT = ["aws_dynamodb_table", "aws_s3_bucket", "aws_sqs_queue"];

export const RECOVERY: ReadonlyArray<Rule> = [
  {
    sentence: "Every table of prod and staging can be brought back to any second of the last weeks",
    checkov: ["CKV_AWS_28"],
    trivy: ["AWS-0024"],
    only: {
      environments: ["prod", "staging"],
      why: "What dev and local hold is made up and made again.",
    },
    apart: "The simulator's ledger is made up everywhere.",
    check: each("aws_dynamodb_table", ({ name, attributes }) =>
      // The simulator's ledger is nobody's.
      name === "auction_ledger" || at(attributes, "point_in_time_recovery.enabled") === true
        ? undefined
        : "set point_in_time_recovery.enabled to true",
    ),
  },
  {
    sentence: "Nothing that prod keeps can be destroyed by a plan",
    only: { environments: ["prod"], why: "The others hold nothing that cannot be made again." },
    check: all(
      has(["aws_dynamodb_table"], { deletion_protection_enabled: true }),
      has(KEPT, { "lifecycle.prevent_destroy": true }),
      each("aws_s3_bucket", ({ attributes }) =>
        attributes["force_destroy"] === true ? "remove force_destroy" : undefined,
      ),
    ),
  },
  {
    sentence: "Every table takes whatever load comes",
    checkov: ["CKV2_AWS_16"],
    check: has(["aws_dynamodb_table"], { billing_mode: "PAY_PER_REQUEST" }),
  },
  {
    sentence: "Every bucket keeps what is overwritten for a while",
    checkov: ["CKV_AWS_21"],
    trivy: ["AWS-0090"],
    check: each("aws_s3_bucket", (bucket, stack) =>
      at(
        companion(stack, bucket, "aws_s3_bucket_versioning", "bucket")?.attributes,
        "versioning_configuration.status",
      ) === "Enabled"
        ? undefined
        : "enable its versioning",
    ),
  },
  {
    sentence: "Every bucket forgets what is too old, overwritten or never finished",
    checkov: ["CKV2_AWS_61", "CKV_AWS_300"],
    check: each("aws_s3_bucket", (bucket, stack) => {
      const rules = companion(stack, bucket, "aws_s3_bucket_lifecycle_configuration", "bucket")?.attributes;
      const wanted = ["abort_incomplete_multipart_upload", "expiration", "noncurrent_version_expiration"];
      const missing = wanted.find((name) => at(rules, `rule.${name}`) === undefined);
      if (missing !== undefined) return `give its lifecycle ${missing}`;
      return at(rules, "rule.status") === "Enabled" ? undefined : "enable its lifecycle";
    }),
  },
];
