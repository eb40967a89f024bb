import { all, at, companion, each, has, type Rule, statementsOf } from "./rule";

export const ENCRYPTION: ReadonlyArray<Rule> = [
  {
    sentence: "Every table is encrypted at rest",
    check: has(["aws_dynamodb_table"], { "server_side_encryption.enabled": true }),
  },
  {
    sentence: "Every queue is encrypted at rest",
    checkov: ["CKV_AWS_27"],
    trivy: ["AWS-0096"],
    check: each("aws_sqs_queue", ({ attributes }) =>
      attributes["sqs_managed_sse_enabled"] === true || typeof attributes["kms_master_key_id"] === "string"
        ? undefined
        : "set sqs_managed_sse_enabled or kms_master_key_id",
    ),
  },
  {
    sentence: "Every topic is encrypted with a key of this stack, for CloudWatch may use no key of AWS's own",
    checkov: ["CKV_AWS_26"],
    trivy: ["AWS-0095", "AWS-0136"],
    check: each("aws_sns_topic", ({ attributes }) =>
      String(attributes["kms_master_key_id"]).includes("aws_kms_key.")
        ? undefined
        : "set kms_master_key_id to a key of this stack",
    ),
  },
  {
    sentence: "Every bucket is encrypted at rest",
    checkov: ["CKV_AWS_19"],
    trivy: ["AWS-0088"],
    check: each("aws_s3_bucket", (bucket, stack) => {
      const type = "aws_s3_bucket_server_side_encryption_configuration";
      const algorithm = at(
        companion(stack, bucket, type, "bucket")?.attributes,
        "rule.apply_server_side_encryption_by_default.sse_algorithm",
      );
      return ["AES256", "aws:kms"].includes(String(algorithm)) ? undefined : `give it an ${type}`;
    }),
  },
  {
    sentence: "Every key rotates, is in use, and has a policy that names who may use it",
    checkov: ["CKV_AWS_7", "CKV2_AWS_64", "CKV_AWS_33", "CKV_AWS_227"],
    trivy: ["AWS-0065"],
    check: all(
      has(["aws_kms_key"], { enable_key_rotation: true }),
      each("aws_kms_key", ({ attributes, address }) => {
        if (attributes["is_enabled"] === false) return "enable it";
        const allowed = statementsOf(attributes["policy"], address).filter(
          ({ effect }) => effect === "Allow",
        );
        if (allowed.length === 0) return "give it a policy";
        return allowed.some(({ principal }) => principal === "*" || at(principal, "AWS") === "*")
          ? "name its principals: * is everybody"
          : undefined;
      }),
    ),
  },
];
