/** What a request says about its own signature: in its Authorization header, or (presigned) in its query. */
import * as E from "fp-ts/Either";
import { headerValue, type Headers, type Pair, type Scope } from "./canonical";

const ALGORITHM = "AWS4-HMAC-SHA256";
const LONGEST_PRESIGNED_SECONDS = 7 * 24 * 3_600;

export type Claim = {
  readonly accessKeyId: string;
  readonly scope: Scope;
  /** As written: `20261123T140000Z`. */
  readonly date: string;
  readonly at: Date;
  /** For a presigned request, how long it is good for. */
  readonly expiresSeconds?: number;
  readonly signedHeaders: ReadonlyArray<string>;
  readonly signature: string;
  readonly sessionToken?: string;
};

/** `none`: the request carries no signature at all. Else what is wrong with the one it carries. */
export type NoClaim = { readonly _tag: "Missing" } | { readonly _tag: "Malformed"; readonly problem: string };

const malformed = (problem: string): E.Either<NoClaim, never> => E.left({ _tag: "Malformed", problem });

const scopeOf = (credential: string): (Scope & { readonly accessKeyId: string }) | undefined => {
  const [accessKeyId, day, region, service, end, more] = credential.split("/");
  if (accessKeyId === undefined || day === undefined || region === undefined || service === undefined)
    return undefined;
  return end === "aws4_request" && more === undefined ? { accessKeyId, day, region, service } : undefined;
};

const dateOf = (text: string): Date | undefined => {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  if (s === undefined) return undefined;
  const date = new Date(`${y ?? ""}-${mo ?? ""}-${d ?? ""}T${h ?? ""}:${mi ?? ""}:${s}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
};

/** A client without X-Amz-Date may sign the Date header instead; in the canonical form it is the same. */
const headerDate = (headers: Headers): string | undefined => {
  const amz = headerValue(headers, "x-amz-date");
  if (amz !== undefined) return amz;
  const date = new Date(headerValue(headers, "date") ?? "");
  return Number.isNaN(date.getTime())
    ? undefined
    : date.toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "");
};

type Parts = {
  readonly credential: string | undefined;
  readonly signedHeaders: string | undefined;
  readonly signature: string | undefined;
  readonly date: string | undefined;
  readonly sessionToken: string | undefined;
};

const claimOf = (parts: Parts): E.Either<NoClaim, Claim> => {
  const scope = scopeOf(parts.credential ?? "");
  if (scope === undefined) return malformed("Credential is not <key>/<day>/<region>/<service>/aws4_request");
  const signedHeaders = (parts.signedHeaders ?? "").split(";");
  const inOrder = signedHeaders.every(
    (name, index) => name === name.toLowerCase() && (index === 0 || (signedHeaders[index - 1] ?? "") < name),
  );
  if (!signedHeaders.includes("host") || !inOrder)
    return malformed("SignedHeaders is not a sorted list of lower-case names with host");
  if (parts.signature === undefined || !/^[0-9a-f]{64}$/.test(parts.signature))
    return malformed("Signature is not 64 hexadecimal digits");
  const at = dateOf(parts.date ?? "");
  if (parts.date === undefined || at === undefined) return malformed("no readable X-Amz-Date or Date");
  if (!parts.date.startsWith(scope.day)) return malformed("the day in Credential is not the date's");
  const { accessKeyId, day, region, service } = scope;
  return E.right({
    accessKeyId,
    scope: { day, region, service },
    date: parts.date,
    at,
    signedHeaders,
    signature: parts.signature,
    ...(parts.sessionToken === undefined ? {} : { sessionToken: parts.sessionToken }),
  });
};

const fromHeader = (authorization: string, headers: Headers): E.Either<NoClaim, Claim> => {
  const [algorithm, ...rest] = authorization.split(" ");
  if (algorithm !== ALGORITHM) return malformed(`expected ${ALGORITHM}`);
  const fields = new Map(
    rest
      .join("")
      .split(",")
      .map((field): Pair => {
        const equals = field.indexOf("=");
        return [field.slice(0, equals), field.slice(equals + 1)];
      }),
  );
  return claimOf({
    credential: fields.get("Credential"),
    signedHeaders: fields.get("SignedHeaders"),
    signature: fields.get("Signature"),
    date: headerDate(headers),
    sessionToken: headerValue(headers, "x-amz-security-token"),
  });
};

const fromQuery = (query: ReadonlyArray<Pair>): E.Either<NoClaim, Claim> => {
  const fields = new Map(query);
  if (fields.get("X-Amz-Algorithm") !== ALGORITHM) return malformed(`expected ${ALGORITHM}`);
  const expires = fields.get("X-Amz-Expires") ?? "";
  const expiresSeconds = Number(expires);
  if (!/^\d{1,6}$/.test(expires) || expiresSeconds > LONGEST_PRESIGNED_SECONDS)
    return malformed("X-Amz-Expires is not a number of seconds up to a week");
  const claim = claimOf({
    credential: fields.get("X-Amz-Credential"),
    signedHeaders: fields.get("X-Amz-SignedHeaders"),
    signature: fields.get("X-Amz-Signature"),
    date: fields.get("X-Amz-Date"),
    sessionToken: fields.get("X-Amz-Security-Token"),
  });
  return E.map((found: Claim): Claim => ({ ...found, expiresSeconds }))(claim);
};

export const readClaim = (headers: Headers, query: ReadonlyArray<Pair>): E.Either<NoClaim, Claim> => {
  const authorization = headerValue(headers, "authorization");
  const presigned = query.some(([name]) => name === "X-Amz-Signature" || name === "X-Amz-Algorithm");
  if (authorization !== undefined && presigned) return malformed("signed both in header and in query");
  if (authorization !== undefined) return fromHeader(authorization, headers);
  return presigned ? fromQuery(query) : E.left({ _tag: "Missing" });
};
