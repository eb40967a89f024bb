/** Whether a request was signed (Signature Version 4) with a key we gave out, and is what was signed. */
import { timingSafeEqual } from "node:crypto";
import * as E from "fp-ts/Either";
import {
  canonicalPath,
  canonicalQuery,
  canonicalRequest,
  headerValue,
  type Headers,
  type Pair,
  parseTarget,
  scopeText,
  sha256,
  signatureOf,
  signingKey,
} from "./canonical";
import { chunksFit } from "./chunks";
import { type Claim, type NoClaim, readClaim } from "./claim";

export type SignedRequest = {
  readonly method: string;
  /** Path and query exactly as they came (node's `request.url`): what was signed is their encoding. */
  readonly target: string;
  readonly headers: Headers;
  /** The body as it came, or its SHA-256 in hexadecimal where it was streamed past. */
  readonly payload: Uint8Array | { readonly sha256: string };
};

type Credentials = { readonly secretAccessKey: string; readonly sessionToken?: string };

export type Expectations = {
  readonly credentialsOf: (accessKeyId: string) => Credentials | undefined;
  readonly now: Date;
  readonly region: string;
  /** The signing names answered here (`dynamodb`, `s3`, `execute-api`, …). */
  readonly services: ReadonlyArray<string>;
};

/** `service` is the one signed for: the rest of the request can be trusted to be meant for it. */
export type Verdict =
  | { readonly _tag: "Verified"; readonly accessKeyId: string; readonly service: string }
  | NoClaim
  | { readonly _tag: "WrongScope"; readonly problem: string }
  | { readonly _tag: "UnknownKey"; readonly accessKeyId: string }
  | { readonly _tag: "WrongToken"; readonly accessKeyId: string }
  | { readonly _tag: "Expired"; readonly at: Date }
  | { readonly _tag: "NotYetValid"; readonly at: Date }
  | { readonly _tag: "UnsignedHeader"; readonly name: string }
  | { readonly _tag: "BadSignature" }
  | { readonly _tag: "BadPayload" };

const SKEW_MS = 15 * 60_000;
const UNSIGNED = new Set(["UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"]);
const CHUNKED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
const CHUNKED_WITH_TRAILER = `${CHUNKED}-TRAILER`;

const timeliness = ({ at, expiresSeconds }: Claim, now: Date): Verdict | undefined => {
  const age = now.getTime() - at.getTime();
  if (age < -SKEW_MS) return { _tag: "NotYetValid", at };
  const longest = expiresSeconds === undefined ? SKEW_MS : expiresSeconds * 1_000;
  return age > longest ? { _tag: "Expired", at } : undefined;
};

const scopeProblem = ({ scope }: Claim, { region, services }: Expectations): Verdict | undefined => {
  if (scope.region !== region) return { _tag: "WrongScope", problem: `signed for region ${scope.region}` };
  if (!services.includes(scope.service))
    return { _tag: "WrongScope", problem: `signed for service ${scope.service}` };
  return undefined;
};

/** An x-amz- header decides what a request does (its target, its checksum): unsigned, anybody could add one. */
const unsignedHeader = ({ signedHeaders }: Claim, headers: Headers): Verdict | undefined => {
  const name = Object.keys(headers)
    .map((key) => key.toLowerCase())
    .find(
      (key) =>
        key.startsWith("x-amz-") && !signedHeaders.includes(key) && headerValue(headers, key) !== undefined,
    );
  return name === undefined ? undefined : { _tag: "UnsignedHeader", name };
};

const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** The payload hash the client signed, and whether the body that came is the one it stands for. */
const payload = (claim: Claim, { headers, payload: body }: SignedRequest) => {
  const actual = body instanceof Uint8Array ? sha256(body) : body.sha256;
  const isS3 = claim.scope.service === "s3";
  const stated = headerValue(headers, "x-amz-content-sha256");
  const signed = stated ?? (isS3 && claim.expiresSeconds !== undefined ? "UNSIGNED-PAYLOAD" : actual);
  const chunked = signed === CHUNKED || signed === CHUNKED_WITH_TRAILER;
  return { signed, chunked, fits: isS3 && (chunked || UNSIGNED.has(signed)) ? true : same(signed, actual) };
};

const chunksAre = (signed: string, body: SignedRequest["payload"], claim: Claim, key: Uint8Array): boolean =>
  body instanceof Uint8Array &&
  chunksFit(
    body,
    { key, date: claim.date, scope: claim.scope, seed: claim.signature },
    signed === CHUNKED_WITH_TRAILER,
  );

const checkSignature = (
  request: SignedRequest,
  target: { readonly path: string; readonly query: ReadonlyArray<Pair> },
  claim: Claim,
  secret: string,
): Verdict => {
  const { signed, chunked, fits } = payload(claim, request);
  const canonical = canonicalRequest({
    method: request.method,
    path: canonicalPath(claim.scope.service, target.path),
    query: canonicalQuery(target.query),
    headers: claim.signedHeaders.map((name): Pair => [name, headerValue(request.headers, name) ?? ""]),
    payloadHash: signed,
  });
  const key = signingKey(secret, claim.scope);
  const expected = signatureOf(key, [
    "AWS4-HMAC-SHA256",
    claim.date,
    scopeText(claim.scope),
    sha256(canonical),
  ]);
  if (!same(expected, claim.signature)) return { _tag: "BadSignature" };
  if (!fits || (chunked && !chunksAre(signed, request.payload, claim, key))) return { _tag: "BadPayload" };
  return { _tag: "Verified", accessKeyId: claim.accessKeyId, service: claim.scope.service };
};

/** Takes header and presigned signatures; never throws. */
export const verify = (request: SignedRequest, expected: Expectations): Verdict => {
  const target = parseTarget(request.target);
  if (target === undefined) return { _tag: "Malformed", problem: "broken percent-encoding in the target" };
  const read = readClaim(request.headers, target.query);
  if (E.isLeft(read)) return read.left;
  const claim = read.right;
  const early = scopeProblem(claim, expected) ?? timeliness(claim, expected.now);
  if (early !== undefined) return early;
  const { accessKeyId } = claim;
  const credentials = expected.credentialsOf(accessKeyId);
  if (credentials === undefined) return { _tag: "UnknownKey", accessKeyId };
  if (claim.sessionToken !== credentials.sessionToken) return { _tag: "WrongToken", accessKeyId };
  return (
    unsignedHeader(claim, request.headers) ??
    checkSignature(request, target, claim, credentials.secretAccessKey)
  );
};
