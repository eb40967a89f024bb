import { type Headers, type Service, SERVICES } from "./call";

export type Credential = {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
};

/** The credential a request says it is signed with: in its header, or in its query when presigned. */
export const credentialOf = (headers: Headers, url: string): Credential | undefined => {
  const header = headers["authorization"];
  const scope =
    header === undefined
      ? /[?&]X-Amz-Credential=([^&]+)/.exec(url)?.[1]?.replaceAll(/%2F/gi, "/")
      : /Credential=([^,\s]+)/.exec(header)?.[1];
  const [accessKeyId, date, region, service] = scope?.split("/") ?? [];
  return accessKeyId !== undefined && date !== undefined && region !== undefined && service !== undefined
    ? { accessKeyId, date, region, service }
    : undefined;
};

const TARGETS: Readonly<Record<string, Service>> = {
  DynamoDB_20120810: "dynamodb",
  AmazonSQS: "sqs",
  AmazonSSM: "ssm",
  AWSStepFunctions: "states",
};

const LAMBDA_INVOKE = /^\/2015-03-31\/functions\/[^/?]+\/invocations/;

const S3_SUBRESOURCES = [
  "uploads",
  "uploadId",
  "lifecycle",
  "delete",
  "attributes",
  "location",
  "versioning",
  "policy",
];

/** S3 has no operation names on the wire: method, path and query make them. */
const s3Operation = (method: string, url: string): string => {
  const [path = "/", query = ""] = url.split("?", 2);
  const parameters = new URLSearchParams(query);
  const depth = path.split("/").filter((part) => part !== "").length;
  if (depth === 0) return "ListBuckets";
  const kind = depth === 1 ? "Bucket" : "Object";
  const subresource = S3_SUBRESOURCES.find((name) => parameters.has(name));
  if (subresource === "delete") return "DeleteObjects";
  if (subresource === "uploads") return method === "POST" ? "CreateMultipartUpload" : "ListMultipartUploads";
  if (subresource === "uploadId")
    return (
      { PUT: "UploadPart", POST: "CompleteMultipartUpload", DELETE: "AbortMultipartUpload" }[method] ??
      "ListParts"
    );
  if (subresource !== undefined) {
    const name = `${subresource.charAt(0).toUpperCase()}${subresource.slice(1)}`;
    return `${{ PUT: "Put", DELETE: "Delete" }[method] ?? "Get"}${kind}${name}`;
  }
  if (method === "GET" && depth === 1) return "ListObjectsV2";
  return `${{ PUT: depth === 1 ? "Create" : "Put", DELETE: "Delete", HEAD: "Head" }[method] ?? "Get"}${kind}`;
};

const known = (service: string | undefined): Service | undefined => SERVICES.find((one) => one === service);

export type Classified = { readonly service: Service; readonly operation: string };

/** Which service's operation a request is for, by its target header, its signature's scope, its path or its form. */
export const classify = (
  method: string,
  url: string,
  headers: Headers,
  body: Buffer,
  signedFor: string | undefined,
): Classified | undefined => {
  const [prefix = "", target] = (headers["x-amz-target"] ?? "").split(".", 2);
  const targeted = TARGETS[prefix];
  if (targeted !== undefined && target !== undefined) return { service: targeted, operation: target };
  if (LAMBDA_INVOKE.test(url)) return { service: "lambda", operation: "Invoke" };
  if (
    headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true &&
    method === "POST"
  ) {
    const operation = new URLSearchParams(body.toString()).get("Action");
    if (operation !== null)
      return { service: operation === "GetCallerIdentity" ? "sts" : (known(signedFor) ?? "sns"), operation };
  }
  const service = known(signedFor) ?? "s3";
  return service === "s3" ? { service, operation: s3Operation(method, url) } : undefined;
};
