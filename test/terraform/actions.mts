import type { IncomingMessage } from "node:http";

/**
 * Which IAM actions a call needs. AWS checks actions, not operations: most are named alike, some are not, and
 * some calls need further ones for what they do besides (passing a role on, tagging what they make).
 */

type Route = readonly [method: string, path: RegExp, operation: string];

/** Lambda and Scheduler have no operation names on the wire. */
const ROUTES: Readonly<Record<string, ReadonlyArray<Route>>> = {
  lambda: [
    ["POST", /\/functions\/?$/, "CreateFunction"],
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
    ["POST", /\/event-source-mappings\/?$/, "CreateEventSourceMapping"],
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

const s3Action = (method: string, path: string, query: URLSearchParams): string => {
  const isObject = path.split("/").filter((part) => part !== "").length > 1;
  if (isObject) return { PUT: "PutObject", DELETE: "DeleteObject" }[method] ?? "GetObject";
  if (query.has("versions")) return "ListBucketVersions";
  if (query.has("delete")) return "DeleteObjectVersion";
  const part = Object.keys(BUCKET_PARTS).find((name) => query.has(name));
  if (part === undefined) return { PUT: "CreateBucket", DELETE: "DeleteBucket" }[method] ?? "ListBucket";
  const verb = method === "GET" ? "Get" : method === "DELETE" && DELETED_BY_NAME.has(part) ? "Delete" : "Put";
  return `${verb}${BUCKET_PARTS[part] ?? part}`;
};

/** What a call needs besides its own action. */
const BESIDES: Readonly<Record<string, ReadonlyArray<string>>> = {
  "lambda:CreateFunction": ["iam:PassRole", "lambda:TagResource"],
  "lambda:CreateEventSourceMapping": ["lambda:TagResource"],
  "states:CreateStateMachine": ["iam:PassRole", "states:TagResource"],
  "states:UpdateStateMachine": ["iam:PassRole"],
  "scheduler:CreateSchedule": ["iam:PassRole"],
  "scheduler:UpdateSchedule": ["iam:PassRole"],
  "dynamodb:CreateTable": ["dynamodb:TagResource"],
  "sqs:CreateQueue": ["sqs:TagQueue"],
  "sns:CreateTopic": ["sns:TagResource"],
  "logs:CreateLogGroup": ["logs:TagResource"],
  "kms:CreateKey": ["kms:TagResource"],
  "iam:CreateRole": ["iam:TagRole"],
  "cloudwatch:PutMetricAlarm": ["cloudwatch:TagResource"],
};

/** IAM's name for a service where it is not the one that signatures have. */
const PREFIXES: Readonly<Record<string, string>> = { monitoring: "cloudwatch" };

/**
 * Nobody can be denied the first. The second the provider asks only where it may not validate its credentials,
 * as on an emulator, and goes on without an answer.
 */
const NOT_NEEDED = new Set(["sts:GetCallerIdentity", "iam:GetUser"]);

const signedFor = (authorization: string | undefined): string =>
  /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(authorization ?? "")?.[1] ?? "unsigned";

export const actionsOf = (
  { headers, method = "GET", url = "/" }: IncomingMessage,
  body: Buffer,
): ReadonlyArray<string> => {
  const service = signedFor(headers.authorization);
  const prefix = PREFIXES[service] ?? service;
  const { pathname, searchParams } = new URL(url, "http://stand-in");
  const target = String(headers["x-amz-target"] ?? "");
  const smithy = /\/service\/[^/]+\/operation\/([^/]+)$/.exec(pathname)?.[1];
  const named = target === "" ? smithy : target.split(".").at(-1);
  const own = ((): string => {
    if (named !== undefined) return `${prefix}:${named}`;
    if (service === "s3") return `s3:${s3Action(method, pathname, searchParams)}`;
    if (service === "apigateway") return `apigateway:${method}`;
    const routes = ROUTES[service];
    if (routes !== undefined) {
      const path = pathname.replace(/\/$/, "");
      const route = routes.find(([verb, pattern]) => verb === method && pattern.test(path));
      if (route !== undefined) return `${prefix}:${route[2]}`;
    }
    const form = new URLSearchParams(body.toString()).get("Action");
    if (form !== null) return `${prefix}:${form}`;
    // No role has it: where roles are compared with what was needed, it is named.
    return `an action this table does not know for ${service} ${method} ${pathname}`;
  })();
  return NOT_NEEDED.has(own) ? [] : [own, ...(BESIDES[own] ?? [])];
};
