/**
 * The canonical request of Signature Version 4, made of the request as it came over the wire. Signing it again with
 * a client's library would need the request taken apart first, and would sign what we understood instead of
 * what was sent.
 */
import { createHash, createHmac } from "node:crypto";

export type Headers = Readonly<Record<string, string | ReadonlyArray<string> | undefined>>;
export type Pair = readonly [name: string, value: string];

export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Uint8Array, data: string): Buffer =>
  createHmac("sha256", key).update(data).digest();

const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Path and query of a request target; undefined where its percent-encoding is broken. */
export const parseTarget = (
  target: string,
): { readonly path: string; readonly query: ReadonlyArray<Pair> } | undefined => {
  if (!target.isWellFormed()) return undefined;
  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  const parts = mark === -1 ? [] : target.slice(mark + 1).split("&");
  try {
    decodeURIComponent(path);
    const query = parts
      .filter((part) => part !== "")
      .map((part): Pair => {
        const equals = part.indexOf("=");
        return equals === -1
          ? [decodeURIComponent(part), ""]
          : [decodeURIComponent(part.slice(0, equals)), decodeURIComponent(part.slice(equals + 1))];
      });
    return { path: path === "" ? "/" : path, query };
  } catch {
    return undefined;
  }
};

const segments = (path: string): string => {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  return `/${kept.join("/")}${kept.length > 0 && path.endsWith("/") ? "/" : ""}`;
};

/** S3 takes a path as it is, encoded once; every other service normalizes it and encodes it once more. */
export const canonicalPath = (service: string, path: string): string =>
  service === "s3"
    ? path
        .split("/")
        .map((segment) => encode(decodeURIComponent(segment)))
        .join("/")
    : segments(path).split("/").map(encode).join("/");

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const canonicalQuery = (query: ReadonlyArray<Pair>): string =>
  query
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]): Pair => [encode(name), encode(value)])
    .sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");

/** The value of a header by its lower-case name, folded as the canonical request has it. */
export const headerValue = (headers: Headers, name: string): string | undefined => {
  const entry = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  const value = entry?.[1];
  if (value === undefined) return undefined;
  const values = typeof value === "string" ? [value] : value;
  return values.map((one) => one.trim().replace(/\s+/g, " ")).join(",");
};

export type Canonical = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: ReadonlyArray<Pair>;
  readonly payloadHash: string;
};

export const canonicalRequest = ({ method, path, query, headers, payloadHash }: Canonical): string =>
  [
    method.toUpperCase(),
    path,
    query,
    ...headers.map(([name, value]) => `${name}:${value}`),
    "",
    headers.map(([name]) => name).join(";"),
    payloadHash,
  ].join("\n");

/** `20261123/eu-west-1/dynamodb/aws4_request` */
export type Scope = { readonly day: string; readonly region: string; readonly service: string };
export const scopeText = ({ day, region, service }: Scope): string =>
  `${day}/${region}/${service}/aws4_request`;

export const signingKey = (secret: string, { day, region, service }: Scope): Uint8Array =>
  [region, service, "aws4_request"].reduce(hmac, hmac(`AWS4${secret}`, day));

export const signatureOf = (key: Uint8Array, lines: ReadonlyArray<string>): string =>
  hmac(key, lines.join("\n")).toString("hex");
