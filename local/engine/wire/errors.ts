/** The errors that every service can answer, in each one's form. */
import type { Verdict } from "../iam/sigv4/verify";
import type { CallError } from "../faults/plan";
import type { AwsService } from "../service";
import type { WireError } from "./answer";
import type { Code } from "./protocol";

const errorWith = ([status, code]: Code, message: string): WireError => ({ status, code, message });

export const throttled = ({ wire }: AwsService): WireError => errorWith(wire.throttled, "Too Many Requests");

export const unavailable = ({ wire }: AwsService): WireError =>
  errorWith(wire.unavailable, "Service Unavailable");

/** @param message `denialMessage`'s; plain HTTP shows a client no more than "Forbidden" */
export const accessDenied = ({ wire }: AwsService, message: string): WireError =>
  errorWith(wire.denied, wire.protocol === "http" ? "Forbidden" : message);

export const unknownOperation = ({ name, wire }: AwsService, operation: string): WireError =>
  errorWith(wire.unknownOperation, `The local platform does not serve ${name} ${operation}`);

type Refusal = Exclude<Verdict, { readonly _tag: "Verified" }>;

/** The answer to a request whose signature `verify` did not take. An HTTP API only ever says "Forbidden". */
export const notAuthenticated = ({ wire }: AwsService, refusal: Refusal): WireError => {
  const { mismatch, expired = mismatch, unknownKey, missing, wrongBody = mismatch } = wire.signature;
  if (wire.protocol === "http") return errorWith(wire.denied, "Forbidden");
  switch (refusal._tag) {
    case "Missing":
      return errorWith([missing[0], missing[1]], missing[2]);
    case "Malformed":
      return { status: 400, code: "IncompleteSignature", message: refusal.problem };
    case "WrongScope":
      return errorWith(
        mismatch,
        `Credential should be scoped to this service and region: ${refusal.problem}`,
      );
    case "UnknownKey":
    case "WrongToken":
      return errorWith(unknownKey, "The security token included in the request is invalid.");
    case "Expired":
      return errorWith(expired, `Signature expired: made at ${refusal.at.toISOString()}`);
    case "NotYetValid":
      return errorWith(expired, `Signature not yet current: made at ${refusal.at.toISOString()}`);
    case "UnsignedHeader":
      return errorWith(mismatch, `Header ${refusal.name} was not signed`);
    case "BadSignature":
      return errorWith(
        mismatch,
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.",
      );
    case "BadPayload":
      return errorWith(wrongBody, "The body is not the one that was signed (x-amz-content-sha256)");
  }
};

/** A plan's error as the service would answer it; undefined where the connection is to be reset. */
export const errorOf = (service: AwsService, error: CallError): WireError | undefined => {
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
