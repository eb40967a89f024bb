/** Which status and code each service itself gives for what every service can answer. */
import type { Verdict } from "../iam/sigv4/verify";
import type { AwsError } from "./answer";
import type { CallError } from "../faults/plan";

type Code = readonly [status: number, code: string];

const of = (
  table: Readonly<Record<string, Code>>,
  service: string,
  otherwise: Code,
  message: string,
): AwsError => {
  const [status, code] = (Object.hasOwn(table, service) ? table[service] : undefined) ?? otherwise;
  return { status, code, message };
};

const THROTTLED: Readonly<Record<string, Code>> = {
  dynamodb: [400, "ProvisionedThroughputExceededException"],
  sqs: [403, "RequestThrottled"],
  sns: [429, "Throttled"],
  s3: [503, "SlowDown"],
  ssm: [400, "ThrottlingException"],
  states: [400, "ThrottlingException"],
  lambda: [429, "TooManyRequestsException"],
};

export const throttled = (service: string): AwsError =>
  of(THROTTLED, service, [429, "TooManyRequestsException"], "Too Many Requests");

const UNAVAILABLE: Readonly<Record<string, Code>> = {
  dynamodb: [500, "InternalServerError"],
  ssm: [500, "InternalServerError"],
  lambda: [500, "ServiceException"],
};

export const unavailable = (service: string): AwsError =>
  of(UNAVAILABLE, service, [503, "ServiceUnavailable"], "Service Unavailable");

const DENIED: Readonly<Record<string, Code>> = {
  sqs: [403, "AccessDenied"],
  sns: [403, "AuthorizationError"],
  s3: [403, "AccessDenied"],
  lambda: [403, "AccessDeniedException"],
  dynamodb: [400, "AccessDeniedException"],
  ssm: [400, "AccessDeniedException"],
  states: [400, "AccessDeniedException"],
  sts: [403, "AccessDenied"],
};

/** @param message `denialMessage`'s; API Gateway shows a client no more than "Forbidden" */
export const accessDenied = (service: string, message: string): AwsError =>
  of(DENIED, service, [403, "ForbiddenException"], service === "execute-api" ? "Forbidden" : message);

const UNKNOWN_OPERATION: Readonly<Record<string, Code>> = {
  s3: [501, "NotImplemented"],
  sns: [400, "InvalidAction"],
  sqs: [400, "InvalidAction"],
};

export const unknownOperation = (service: string, operation: string): AwsError =>
  of(
    UNKNOWN_OPERATION,
    service,
    [400, "UnknownOperationException"],
    `The local platform does not serve ${service} ${operation}`,
  );

type Refusal = Exclude<Verdict, { readonly _tag: "Verified" }>;

/** S3 and the query protocol have their own names for what the JSON services call by others. */
const isXml = (service: string): boolean => ["s3", "sns", "sts"].includes(service);

const mismatch = (service: string, message: string): AwsError =>
  isXml(service)
    ? { status: 403, code: "SignatureDoesNotMatch", message }
    : { status: service === "lambda" ? 403 : 400, code: "InvalidSignatureException", message };

const expired = (service: string, message: string): AwsError =>
  service === "s3" ? { status: 403, code: "RequestTimeTooSkewed", message } : mismatch(service, message);

const unknownKey = (service: string): AwsError => {
  const message = "The security token included in the request is invalid.";
  if (service === "s3") return { status: 403, code: "InvalidAccessKeyId", message };
  return isXml(service)
    ? { status: 403, code: "InvalidClientTokenId", message }
    : { status: service === "lambda" ? 403 : 400, code: "UnrecognizedClientException", message };
};

const missing = (service: string): AwsError =>
  service === "s3"
    ? { status: 403, code: "AccessDenied", message: "Access Denied" }
    : {
        status: isXml(service) || service === "lambda" ? 403 : 400,
        code: isXml(service) ? "MissingAuthenticationToken" : "MissingAuthenticationTokenException",
        message: "Request is missing Authentication Token",
      };

/** The answer to a request whose signature `verify` did not take. An HTTP API only ever says "Forbidden". */
export const notAuthenticated = (service: string, refusal: Refusal): AwsError => {
  if (service === "execute-api") return { status: 403, code: "ForbiddenException", message: "Forbidden" };
  switch (refusal._tag) {
    case "Missing":
      return missing(service);
    case "Malformed":
      return { status: 400, code: "IncompleteSignature", message: refusal.problem };
    case "WrongScope":
      return mismatch(service, `Credential should be scoped to this service and region: ${refusal.problem}`);
    case "UnknownKey":
    case "WrongToken":
      return unknownKey(service);
    case "Expired":
      return expired(service, `Signature expired: made at ${refusal.at.toISOString()}`);
    case "NotYetValid":
      return expired(service, `Signature not yet current: made at ${refusal.at.toISOString()}`);
    case "UnsignedHeader":
      return mismatch(service, `Header ${refusal.name} was not signed`);
    case "BadSignature":
      return mismatch(
        service,
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.",
      );
    case "BadPayload":
      return service === "s3"
        ? {
            status: 400,
            code: "XAmzContentSHA256Mismatch",
            message: "The body does not match x-amz-content-sha256",
          }
        : mismatch(service, "The body is not the one that was signed");
  }
};

/** A plan's error as the service would answer it; undefined where the connection is to be reset. */
export const errorOf = (service: string, error: CallError): AwsError | undefined => {
  switch (error._tag) {
    case "Throttled":
      return throttled(service);
    case "Unavailable":
      return unavailable(service);
    case "Answer":
      return { status: error.status, code: error.code, message: "Injected by the fault plan" };
    case "NoAnswer":
      return undefined;
  }
};
