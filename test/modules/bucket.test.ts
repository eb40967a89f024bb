import { Bucket } from "../../modules/bucket";
import { declaredBy } from "../support/synth";
import { denied, granted, makeFunction, only } from "./support";

describe("Bucket", () => {
  const declared = declaredBy((stack, bundle) => {
    new Bucket(stack, "archive", {
      name: "test-archive",
      expirationDays: 90,
      preventDestroy: true,
    }).grant(makeFunction(stack, bundle), { put: "orders/", get: "results/" });
  });

  it("is versioned, encrypted, owned by the account and closed to the public", () => {
    expect(only(declared, "aws_s3_bucket_versioning")).toMatchObject({
      versioning_configuration: { status: "Enabled" },
    });
    expect(JSON.stringify(only(declared, "aws_s3_bucket_server_side_encryption_configuration"))).toContain(
      "AES256",
    );
    expect(only(declared, "aws_s3_bucket_ownership_controls")).toMatchObject({
      rule: { object_ownership: "BucketOwnerEnforced" },
    });
    expect(only(declared, "aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  it("refuses plain HTTP for itself and its objects, and expires them", () => {
    const [deny] = denied(only(declared, "aws_s3_bucket_policy")["policy"]);
    expect(deny?.Resource).toHaveLength(2);
    expect(only(declared, "aws_s3_bucket_lifecycle_configuration")).toMatchObject({
      rule: [{ status: "Enabled", expiration: [{ days: 90 }] }],
    });
  });

  it("locks its objects, where asked to, so that somebody who may can still lift it", () => {
    const locked = declaredBy((stack) => {
      new Bucket(stack, "archive", {
        name: "test-archive",
        expirationDays: 90,
        lockedDays: 90,
        preventDestroy: true,
      });
    });
    expect(only(locked, "aws_s3_bucket_object_lock_configuration")).toMatchObject({
      rule: { default_retention: { mode: "GOVERNANCE", days: 90 } },
    });
    expect(declared.all("aws_s3_bucket_object_lock_configuration")).toEqual({});
  });

  it("grants what is asked for, under the prefix it is asked for", () => {
    expect(granted(declared)["s3:PutObject"]).toMatch(/\.arn\}\/orders\/\*$/);
    expect(granted(declared)["s3:GetObject"]).toMatch(/\.arn\}\/results\/\*$/);
  });
});
