import { at, companion, each, has, type Rule } from "./rule";

export const ENCRYPTION: ReadonlyArray<Rule> = [
  {
    sentence: "Every table is encrypted at rest",
    check: has(["aws_dynamodb_table"], { "server_side_encryption.enabled": true }),
  },
  {
    sentence: "Every topic is encrypted with a key of this stack, for CloudWatch may use no key of AWS's own",
    check: each("aws_sns_topic", ({ attributes }) =>
      String(attributes["kms_master_key_id"]).includes("aws_kms_key.")
        ? undefined
        : "set kms_master_key_id to a key of this stack",
    ),
  },
  {
    sentence: "Every bucket is encrypted at rest",
    check: each("aws_s3_bucket", (bucket, stack) => {
      const type = "aws_s3_bucket_server_side_encryption_configuration";
      const algorithm = at(
        companion(stack, bucket, type, "bucket")?.attributes,
        "rule.apply_server_side_encryption_by_default.sse_algorithm",
      );
      return ["AES256", "aws:kms"].includes(String(algorithm)) ? undefined : `give it an ${type}`;
    }),
  },
];
