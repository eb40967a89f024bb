import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Construct } from "constructs";
import { denyWithoutTls, resourcePolicy } from "./policy";
import type { Grantee } from "./role";

export type BucketProps = {
  /** Unique in the world; 3 to 63 lower-case letters, digits and hyphens. */
  readonly name: string;
  /** Objects under `prefix` are deleted after so many days; replaced versions of any after a month. */
  readonly expiration: { readonly prefix: string; readonly days: number };
  readonly preventDestroy: boolean;
};

const REPLACED_VERSION_DAYS = 30;
const UNFINISHED_UPLOAD_DAYS = 7;

/** A private, versioned, encrypted bucket: owned by the account, reached by TLS, closed to the public. */
export class Bucket extends Construct {
  readonly arn: string;
  readonly name: string;

  constructor(scope: Construct, id: string, { name, expiration, preventDestroy }: BucketProps) {
    super(scope, id);
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
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: bucket.id,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: bucket.id,
      rule: [
        {
          id: "expire",
          status: "Enabled",
          filter: [{ prefix: expiration.prefix }],
          expiration: [{ days: expiration.days }],
          noncurrentVersionExpiration: [{ noncurrentDays: REPLACED_VERSION_DAYS }],
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

  /** Objects whose keys begin with `prefix`. */
  grantPut({ role }: Grantee, prefix: string): void {
    role.grant(`${this.node.id}-put`, {
      actions: ["s3:PutObject"],
      resources: [`${this.arn}/${prefix}*`],
    });
  }
}
