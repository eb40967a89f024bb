import { isUtf8 } from "node:buffer";
import type { OutgoingHttpHeaders } from "node:http";
import * as t from "io-ts";
import type { AwsAnswer, Headers } from "../../engine/gateway/call";
import { type JsonObject, parseJson } from "../../json";

export type EventSource = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Headers;
  readonly body: Buffer;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly routeKey: string;
  readonly apiId: string;
  readonly requestId: string;
  readonly account: string;
  readonly authorizer: JsonObject | undefined;
};

/** Bodies an HTTP API passes on as text (measured on AWS, which names them nowhere); all others come in Base64. */
const TEXT = /^(text\/[^;]+|application\/(json|javascript|xml))\s*(;\s*charset="?utf-8"?\s*)?$/i;

/** What is called text and is none goes in Base64 too: its bytes reach the function as they came. */
const isText = (contentType: string | undefined, body: Buffer): boolean =>
  contentType !== undefined && TEXT.test(contentType.trim()) && isUtf8(body);

/** `__proto__` is a name like any other. */
const queryParameters = (query: string): Readonly<Record<string, string>> | undefined => {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = parameters.get(name);
    parameters.set(name, before === undefined ? value : `${before},${value}`);
  }
  return parameters.size === 0 ? undefined : Object.fromEntries(parameters);
};

/** A request as a function sees it: payload format 2.0. */
export const eventOf = (source: EventSource): JsonObject => {
  const {
    method,
    path,
    query,
    headers,
    body,
    pathParameters,
    routeKey,
    apiId,
    requestId,
    account,
    authorizer,
  } = source;
  const { cookie, ...others } = headers;
  const asText = isText(headers["content-type"], body);
  const now = new Date();
  const parameters = queryParameters(query);
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookie === undefined ? {} : { cookies: cookie.split("; ") }),
    headers: others,
    ...(parameters === undefined ? {} : { queryStringParameters: parameters }),
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters }),
    requestContext: {
      accountId: account,
      apiId,
      ...(authorizer === undefined ? {} : { authorizer }),
      domainName: headers["host"] ?? "",
      domainPrefix: apiId,
      http: {
        method,
        path,
        protocol: "HTTP/1.1",
        sourceIp: "127.0.0.1",
        userAgent: headers["user-agent"] ?? "",
      },
      requestId,
      routeKey,
      stage: "$default",
      time: now.toISOString(),
      timeEpoch: now.getTime(),
    },
    ...(body.length === 0 ? {} : { body: body.toString(asText ? "utf8" : "base64") }),
    isBase64Encoded: body.length > 0 && !asText,
  };
};

const Scalar = t.union([t.string, t.number, t.boolean]);
const Response = t.intersection([
  t.type({ statusCode: t.union([t.number, t.string]) }),
  t.partial({
    headers: t.record(t.string, Scalar),
    cookies: t.readonlyArray(t.string),
    body: t.string,
    isBase64Encoded: t.boolean,
  }),
]);

const problem = (status: number, message: string, headers: OutgoingHttpHeaders = {}): AwsAnswer => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: Buffer.from(JSON.stringify({ message })),
});

/** The answer with the id under which its request is in the logs, as an HTTP API names it. */
export const withRequestId = (requestId: string, answer: AwsAnswer): AwsAnswer => ({
  ...answer,
  headers: { ...answer.headers, "apigw-requestid": requestId },
});

/** What the API itself answers, in the words of an HTTP API, which nobody can change: no problem document, no Retry-After. */
export const gatewayAnswer = {
  badRequest: problem(400, "Bad Request"),
  unauthorized: problem(401, "Unauthorized", { "www-authenticate": "Bearer" }),
  forbidden: problem(403, "Forbidden"),
  notFound: problem(404, "Not Found"),
  tooLarge: problem(413, "Request Entity Too Large"),
  tooMany: problem(429, "Too Many Requests"),
  failed: problem(500, "Internal Server Error"),
  unavailable: problem(503, "Service Unavailable"),
};

/** What a function returned, as HTTP: a response with a status code, or any JSON for a 200. */
export const answerOf = (payload: string): AwsAnswer => {
  const value = parseJson(payload);
  if (value === undefined) return gatewayAnswer.failed;
  const isResponse = typeof value === "object" && value !== null && "statusCode" in value;
  if (!isResponse)
    return { status: 200, headers: { "content-type": "application/json" }, body: Buffer.from(payload) };
  const status = Response.is(value) ? Number(value.statusCode) : NaN;
  if (!Response.is(value) || !Number.isInteger(status) || status < 100 || status > 599)
    return gatewayAnswer.failed;
  const headers = Object.fromEntries(
    Object.entries(value.headers ?? {}).map(([name, header]) => [name.toLowerCase(), String(header)]),
  );
  return {
    status,
    headers: {
      "content-type": "text/plain;charset=utf-8",
      ...headers,
      ...(value.cookies === undefined ? {} : { "set-cookie": [...value.cookies] }),
    },
    body: Buffer.from(value.body ?? "", value.isBase64Encoded === true ? "base64" : "utf8"),
  };
};
