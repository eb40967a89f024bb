import type { Access, Service } from "./asked.mts";
import { type Call, elementsOf } from "./wire.mts";

/** What a bucket is made with is set by the actions that set it later. */
const madeWith = ({ headers }: Call, resource: string): ReadonlyArray<Access> => {
  const acl = headers["x-amz-acl"];
  return [
    ...(headers["x-amz-bucket-object-lock-enabled"] === "true"
      ? ["s3:PutBucketObjectLockConfiguration", "s3:PutBucketVersioning"]
      : []),
    ...(headers["x-amz-object-ownership"] === undefined ? [] : ["s3:PutBucketOwnershipControls"]),
    // What is private by itself needs no more, and the provider says it of every bucket.
    ...(acl === undefined || acl === "private" ? [] : ["s3:PutBucketAcl"]),
  ].map((action) => ({ action, resource, context: {} }));
};

/** Buckets and objects are in no region and no account. */
export const s3: Service = (call, action) => {
  const { path, query, body, headers, method } = call;
  const [bucket, ...key] = path;
  if (bucket === undefined) return undefined;
  const arn = `arn:aws:s3:::${bucket}`;
  const keys = query.has("delete") ? elementsOf(body, "Key") : key.length > 0 ? [key.join("/")] : [];
  const resources = keys.length === 0 ? [arn] : keys.map((one) => `${arn}/${one}`);
  const [names, values] = [elementsOf(body, "Key"), elementsOf(body, "Value")];
  const tags = Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]));
  return {
    resources,
    ...(method === "PUT" && query.has("tagging") ? { tags } : {}),
    besides: [
      ...(action === "s3:CreateBucket" ? madeWith(call, arn) : []),
      ...(headers["x-amz-bypass-governance-retention"] === "true"
        ? resources.map((resource) => ({ action: "s3:BypassGovernanceRetention", resource, context: {} }))
        : []),
    ],
  };
};
