import { all, at, companion, each, has, type Rule } from "./rule";

const KEPT = ["aws_dynamodb_table", "aws_s3_bucket", "aws_sqs_queue"];

export const RECOVERY: ReadonlyArray<Rule> = [
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
    sentence: "Every bucket forgets what is too old, overwritten or never finished",
    check: each("aws_s3_bucket", (bucket, stack) => {
      const rules = companion(stack, bucket, "aws_s3_bucket_lifecycle_configuration", "bucket")?.attributes;
      const wanted = ["abort_incomplete_multipart_upload", "expiration", "noncurrent_version_expiration"];
      const missing = wanted.find((name) => at(rules, `rule.${name}`) === undefined);
      if (missing !== undefined) return `give its lifecycle ${missing}`;
      return at(rules, "rule.status") === "Enabled" ? undefined : "enable its lifecycle";
    }),
  },
];
