import type { DeclaredStack } from "../catalog";
import { type Encryption, resourcePolicy, type DeclaredPolicy } from "../iam/declared-policy";
import { resources } from "./resources";

const arnOf = (bucket: string): string => `arn:aws:s3:::${bucket}`;

export const bucketPolicies = (stack: DeclaredStack): ReadonlyArray<DeclaredPolicy> =>
  stack(resources.aws_s3_bucket_policy).map(({ address, config }) =>
    resourcePolicy(arnOf(config.bucket), address, config.policy),
  );

export const bucketKeys = (stack: DeclaredStack): ReadonlyArray<Encryption> =>
  stack(resources.aws_s3_bucket_server_side_encryption_configuration).flatMap(({ address, config }) =>
    (config.rule ?? []).map(({ apply_server_side_encryption_by_default: applied }) => ({
      address: `${address}: kms_master_key_id`,
      of: arnOf(config.bucket),
      key: applied?.kms_master_key_id,
    })),
  );
