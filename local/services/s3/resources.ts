import * as t from "io-ts";
import { entry, FILES } from "../../engine/stack/resource-type";
import { block, many, one } from "../../engine/stack/block";
import { BUCKET_NAME } from "./limits";

/** Buckets. */
export const resources = {
  aws_s3_bucket: entry(
    block({ bucket: BUCKET_NAME }, {}),
    {
      force_destroy: "nothing deletes a local bucket but --fresh",
      object_lock_enabled: "nothing deletes a local bucket but --fresh",
    },
    ({ config }) => ({
      id: config.bucket,
      arn: `arn:aws:s3:::${config.bucket}`,
      bucket_domain_name: `${config.bucket}.s3.amazonaws.com`,
    }),
  ),
  aws_s3_bucket_server_side_encryption_configuration: entry(
    block(
      { bucket: t.string },
      {
        rule: many(
          block(
            {},
            {
              apply_server_side_encryption_by_default: one(
                block({ sse_algorithm: t.string }, { kms_master_key_id: t.string }),
              ),
            },
          ),
        ),
      },
    ),
    { "rule.bucket_key_enabled": FILES },
  ),
  aws_s3_bucket_policy: entry(block({ bucket: t.string, policy: t.string }, {})),
};
