import type { Call } from "./wire.mts";

/** Which IAM action a call needs. AWS checks actions, not operations: most are named alike, some are not. */

type Route = readonly [method: string, path: RegExp, operation: string];

/** Lambda and Scheduler have no operation names on the wire. */
const ROUTES: Readonly<Record<string, ReadonlyArray<Route>>> = {
  lambda: [
    ["POST", /\/functions$/, "CreateFunction"],
    ["GET", /\/account-settings$/, "GetAccountSettings"],
    ["GET", /\/functions\/[^/]+$/, "GetFunction"],
    ["DELETE", /\/functions\/[^/]+$/, "DeleteFunction"],
    ["GET", /\/functions\/[^/]+\/configuration$/, "GetFunctionConfiguration"],
    ["PUT", /\/functions\/[^/]+\/configuration$/, "UpdateFunctionConfiguration"],
    ["PUT", /\/functions\/[^/]+\/code$/, "UpdateFunctionCode"],
    ["GET", /\/functions\/[^/]+\/versions$/, "ListVersionsByFunction"],
    ["GET", /\/functions\/[^/]+\/code-signing-config$/, "GetFunctionCodeSigningConfig"],
    ["GET", /\/functions\/[^/]+\/concurrency$/, "GetFunctionConcurrency"],
    ["PUT", /\/functions\/[^/]+\/concurrency$/, "PutFunctionConcurrency"],
    ["DELETE", /\/functions\/[^/]+\/concurrency$/, "DeleteFunctionConcurrency"],
    ["GET", /\/functions\/[^/]+\/event-invoke-config$/, "GetFunctionEventInvokeConfig"],
    ["PUT", /\/functions\/[^/]+\/event-invoke-config$/, "PutFunctionEventInvokeConfig"],
    ["DELETE", /\/functions\/[^/]+\/event-invoke-config$/, "DeleteFunctionEventInvokeConfig"],
    ["GET", /\/functions\/[^/]+\/recursion-config$/, "GetFunctionRecursionConfig"],
    ["POST", /\/functions\/[^/]+\/policy$/, "AddPermission"],
    ["GET", /\/functions\/[^/]+\/policy$/, "GetPolicy"],
    ["DELETE", /\/functions\/[^/]+\/policy\/[^/]+$/, "RemovePermission"],
    ["POST", /\/event-source-mappings$/, "CreateEventSourceMapping"],
    ["GET", /\/event-source-mappings\/[^/]+$/, "GetEventSourceMapping"],
    ["PUT", /\/event-source-mappings\/[^/]+$/, "UpdateEventSourceMapping"],
    ["DELETE", /\/event-source-mappings\/[^/]+$/, "DeleteEventSourceMapping"],
    ["GET", /\/tags\/.+$/, "ListTags"],
    ["POST", /\/tags\/.+$/, "TagResource"],
    ["DELETE", /\/tags\/.+$/, "UntagResource"],
  ],
  scheduler: [
    ["POST", /\/schedules\/[^/]+$/, "CreateSchedule"],
    ["GET", /\/schedules\/[^/]+$/, "GetSchedule"],
    ["PUT", /\/schedules\/[^/]+$/, "UpdateSchedule"],
    ["DELETE", /\/schedules\/[^/]+$/, "DeleteSchedule"],
  ],
};

/** S3's own names for the parts of a bucket's configuration; IAM has another for some of them. */
const BUCKET_PARTS: Readonly<Record<string, string>> = {
  accelerate: "AccelerateConfiguration",
  acl: "BucketAcl",
  cors: "BucketCORS",
  encryption: "EncryptionConfiguration",
  lifecycle: "LifecycleConfiguration",
  location: "BucketLocation",
  logging: "BucketLogging",
  "object-lock": "BucketObjectLockConfiguration",
  ownershipControls: "BucketOwnershipControls",
  policy: "BucketPolicy",
  publicAccessBlock: "BucketPublicAccessBlock",
  replication: "ReplicationConfiguration",
  requestPayment: "BucketRequestPayment",
  tagging: "BucketTagging",
  versioning: "BucketVersioning",
  website: "BucketWebsite",
};
/** Deleting a part is putting none, but for these. */
const DELETED_BY_NAME = new Set(["policy", "website"]);

const s3Action = ({ method, path, query, body }: Call): string => {
  if (path.length > 1) return { PUT: "PutObject", DELETE: "DeleteObject" }[method] ?? "GetObject";
  if (query.has("versions")) return "ListBucketVersions";
  if (query.has("delete")) return body.includes("<VersionId>") ? "DeleteObjectVersion" : "DeleteObject";
  const part = Object.keys(BUCKET_PARTS).find((name) => query.has(name));
  if (part === undefined) return { PUT: "CreateBucket", DELETE: "DeleteBucket" }[method] ?? "ListBucket";
  const verb = method === "GET" ? "Get" : method === "DELETE" && DELETED_BY_NAME.has(part) ? "Delete" : "Put";
  return `${verb}${BUCKET_PARTS[part] ?? part}`;
};

/** One action for all that looks at a budget, one for all that changes it, and those of tags. */
const budgetAction = (operation: string): string => {
  if (operation.endsWith("Resource")) return operation;
  return operation.startsWith("Describe") ? "ViewBudget" : "ModifyBudget";
};

/** IAM's name for a service where it is not the one that signatures have. */
const PREFIXES: Readonly<Record<string, string>> = { monitoring: "cloudwatch" };

/** The IAM action that a call is checked for first; undefined for one that this table does not know. */
export const actionOf = (call: Call): string | undefined => {
  const { service, method, path, operation } = call;
  const prefix = PREFIXES[service] ?? service;
  if (service === "budgets" && operation !== undefined) return `budgets:${budgetAction(operation)}`;
  if (operation !== undefined) return `${prefix}:${operation}`;
  if (service === "s3") return `s3:${s3Action(call)}`;
  if (service === "apigateway") return `apigateway:${method}`;
  const route = ROUTES[service]?.find(
    ([verb, pattern]) => verb === method && pattern.test(`/${path.join("/")}`),
  );
  return route === undefined ? undefined : `${prefix}:${route[2]}`;
};
