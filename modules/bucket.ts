import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Construct } from "constructs";
import type { Key } from "./key";
import { denyWithoutTls, resourcePolicy } from "./policy";
import type { Grantee } from "./role";

export type BucketProps = {
  /** Unique in the world; 3 to 63 lower-case letters, digits and hyphens. */
  readonly name: string;
  /** Objects are deleted after so many days; none: they are kept. */
  readonly expirationDays?: number;
  /** Days that versions which were replaced or deleted are kept. */
  readonly replacedVersionDays?: number;
  /** Days for which no version of an object can be deleted, except by those who may bypass governance. */
  readonly lockedDays?: number;
  /** Encrypts the objects; none: S3's own key does. */
  readonly key?: Key;
  readonly preventDestroy: boolean;
};

const UNFINISHED_UPLOAD_DAYS = 7;

/** A private, versioned, encrypted bucket: owned by the account, reached by TLS, closed to the public. */
export class Bucket extends Construct {
  readonly arn: string;
  readonly name: string;

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    const { name, expirationDays, replacedVersionDays = 30, lockedDays, key, preventDestroy } = props;
    const bucket = new S3Bucket(this, "this", {
      bucket: name,
      ...(preventDestroy ? { lifecycle: { preventDestroy } } : { forceDestroy: true }),
    });
    new S3BucketOwnershipControls(this, "ownership", {
      bucket: bucket.id,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    const access = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: bucket.id,
      rule: [
        key === undefined
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
          : {
              applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
              // One data key for many objects: fewer calls to KMS, which bills each.
              bucketKeyEnabled: true,
            },
      ],
    });
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: bucket.id,
      versioningConfiguration: { status: "Enabled" },
    });
    if (lockedDays !== undefined)
      // Turns Object Lock on in a bucket that has been without it too; as an attribute it would replace the bucket.
      new S3BucketObjectLockConfigurationA(this, "lock", {
        bucket: bucket.id,
        rule: { defaultRetention: { mode: "GOVERNANCE", days: lockedDays } },
        dependsOn: [versioning],
      });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: bucket.id,
      rule: [
        {
          id: "expire",
          status: "Enabled",
          filter: [{ prefix: "" }],
          ...(expirationDays === undefined ? {} : { expiration: [{ days: expirationDays }] }),
          noncurrentVersionExpiration: [{ noncurrentDays: replacedVersionDays }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: UNFINISHED_UPLOAD_DAYS }],
        },
      ],
      dependsOn: [versioning],
    });
    new S3BucketPolicy(this, "policy", {
      bucket: bucket.id,
      policy: resourcePolicy([denyWithoutTls("s3:*", [bucket.arn, `${bucket.arn}/*`])]),
      // S3 refuses to have both changed at once.
      dependsOn: [access],
    });
    this.arn = bucket.arn;
    this.name = bucket.bucket;
  }

  /** Objects whose keys begin with a prefix. */
  grant({ role }: Grantee, may: { readonly put?: string; readonly get?: string }): void {
    for (const [access, action, prefix] of [
      ["put", "s3:PutObject", may.put],
      ["get", "s3:GetObject", may.get],
    ] as const)
      if (prefix !== undefined)
        role.grant(`${this.node.id}-${access}`, { actions: [action], resources: [`${this.arn}/${prefix}*`] });
  }
}
