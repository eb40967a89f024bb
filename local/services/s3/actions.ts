import { headerValue, type Pair, parseTarget } from "../../engine/iam/sigv4/canonical";
import type { Context } from "../../engine/iam/request";
import {
  access,
  operationOf,
  parameter,
  type Read,
  type ServiceRequest,
  unknown,
  unreadable,
} from "../../engine/wire/access";

type Named = { readonly operation: string; readonly action: string };
const same = (name: string): Named => ({ operation: name, action: name });

/**
 * Operations by method, level and the query parameter that turns one operation into another. An S3 action is
 * often not named after its operation, so each is written out; what is not here is unknown.
 */
const OPERATIONS: Readonly<Record<string, Named>> = {
  "GET service": { operation: "ListBuckets", action: "ListAllMyBuckets" },
  "PUT bucket": same("CreateBucket"),
  "HEAD bucket": { operation: "HeadBucket", action: "ListBucket" },
  "DELETE bucket": same("DeleteBucket"),
  "GET bucket": { operation: "ListObjects", action: "ListBucket" },
  "GET bucket list-type": { operation: "ListObjectsV2", action: "ListBucket" },
  "GET bucket versions": { operation: "ListObjectVersions", action: "ListBucketVersions" },
  "GET bucket uploads": { operation: "ListMultipartUploads", action: "ListBucketMultipartUploads" },
  "GET bucket location": same("GetBucketLocation"),
  "POST bucket delete": { operation: "DeleteObjects", action: "DeleteObject" },
  "PUT object": same("PutObject"),
  "PUT object tagging": same("PutObjectTagging"),
  "PUT object acl": same("PutObjectAcl"),
  "PUT object uploadId": { operation: "UploadPart", action: "PutObject" },
  "POST object uploads": { operation: "CreateMultipartUpload", action: "PutObject" },
  "POST object uploadId": { operation: "CompleteMultipartUpload", action: "PutObject" },
  "DELETE object uploadId": same("AbortMultipartUpload"),
  "GET object uploadId": { operation: "ListParts", action: "ListMultipartUploadParts" },
  "GET object": same("GetObject"),
  "GET object versionId": { operation: "GetObject", action: "GetObjectVersion" },
  "GET object tagging": same("GetObjectTagging"),
  "GET object attributes": same("GetObjectAttributes"),
  "HEAD object": { operation: "HeadObject", action: "GetObject" },
  "HEAD object versionId": { operation: "HeadObject", action: "GetObjectVersion" },
  "DELETE object": same("DeleteObject"),
  "DELETE object versionId": { operation: "DeleteObject", action: "DeleteObjectVersion" },
  "DELETE object tagging": same("DeleteObjectTagging"),
};

/** Parameters that only refine an operation. Any other one selects an operation, known or not. */
const REFINEMENTS =
  /^(x-id|prefix|delimiter|max-keys|max-uploads|max-parts|marker|key-marker|version-id-marker|upload-id-marker|part-number-marker|continuation-token|start-after|fetch-owner|encoding-type|partNumber|response-.*|X-Amz-.*|x-amz-.*)$/;

const nameOf = (method: string, level: string, query: ReadonlyArray<Pair>): string =>
  [method, level, ...query.map(([name]) => name).filter((name) => !REFINEMENTS.test(name))].join(" ");

/** Headers of a write that ask for more than writing. */
const EXTRA: ReadonlyArray<readonly [header: string, action: string]> = [
  ["x-amz-tagging", "s3:PutObjectTagging"],
  ["x-amz-acl", "s3:PutObjectAcl"],
  ["x-amz-object-lock-mode", "s3:PutObjectRetention"],
  ["x-amz-object-lock-legal-hold", "s3:PutObjectLegalHold"],
];
const CONTEXT_HEADERS = [
  "x-amz-acl",
  "x-amz-server-side-encryption",
  "x-amz-server-side-encryption-aws-kms-key-id",
];

const contextOf = ({ headers }: ServiceRequest, query: ReadonlyArray<Pair>): Context =>
  Object.fromEntries(
    [
      ...["prefix", "delimiter", "max-keys"].map((name) => [name, parameter(query, name)] as const),
      ...CONTEXT_HEADERS.map((name) => [name, headerValue(headers, name)] as const),
    ].flatMap(([name, value]) => (value === undefined ? [] : [[`s3:${name}`, value]])),
  );

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const unescape = (text: string): string =>
  text.replace(
    /&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return (Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined) ?? whole;
      const code = decimal === undefined ? parseInt(hex ?? "", 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );

/** The keys of a DeleteObjects body: one that names none, or in a way not read here, is unreadable. */
const deletedKeys = (body: Uint8Array): ReadonlyArray<string> | undefined => {
  const text = Buffer.from(body).toString("utf8");
  const keys = [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = ""]) => unescape(key));
  const objects = text.match(/<Object[\s>]/g)?.length ?? 0;
  return keys.length > 0 && keys.length === objects && !/<VersionId>|<!/.test(text) ? keys : undefined;
};

const copySource = (request: ServiceRequest): string | undefined => {
  const header = headerValue(request.headers, "x-amz-copy-source");
  const source = header === undefined ? undefined : parseTarget(header);
  return source?.path.replace(/^\//, "");
};

export const readS3 = (request: ServiceRequest): Read => {
  const target = parseTarget(request.target);
  if (target === undefined) return unreadable("S3", "broken percent-encoding in the target");
  const [bucket = "", ...rest] = target.path.slice(1).split("/").map(decodeURIComponent);
  const key = rest.join("/");
  // A proxy or URL parser on the way might resolve them: the key checked and the key served would differ.
  if ([bucket, ...key.split("/")].some((segment) => segment === "." || segment === ".."))
    return unreadable("S3", "a path with . or ..");
  const level = bucket === "" ? "service" : key === "" ? "bucket" : "object";
  const name = nameOf(request.method, level, target.query);
  const found = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (found === undefined) return unknown(name);

  const action = `s3:${found.action}`;
  const arnOf = (path: string) => `arn:aws:s3:::${path}`;
  if (level === "service") return operationOf(found.operation, [access(action, "*")]);
  const context = contextOf(request, target.query);
  if (found.operation === "DeleteObjects") {
    const keys = deletedKeys(request.body);
    if (keys === undefined) return unreadable("DeleteObjects", "the keys could not be read");
    return operationOf(
      "DeleteObjects",
      keys.map((one) => access(action, arnOf(`${bucket}/${one}`), context)),
    );
  }
  if (level === "bucket") return operationOf(found.operation, [access(action, arnOf(bucket), context)]);

  const resource = arnOf(`${bucket}/${key}`);
  const hasCopySource = headerValue(request.headers, "x-amz-copy-source") !== undefined;
  const source = copySource(request);
  if (hasCopySource && (source === undefined || !/^[^/]+\/./.test(source)))
    return unreadable(found.operation, "x-amz-copy-source is not /bucket/key");
  const extra = request.method === "GET" || request.method === "HEAD" ? [] : EXTRA;
  return operationOf(hasCopySource && found.operation === "PutObject" ? "CopyObject" : found.operation, [
    access(action, resource, context),
    ...extra
      .filter(([header]) => headerValue(request.headers, header) !== undefined)
      .map(([, more]) => access(more, resource, context)),
    ...(source === undefined ? [] : [access("s3:GetObject", arnOf(decodeURIComponent(source)))]),
  ]);
};
