/**
 * Errors as each service itself would put them on the wire, so that any SDK understands them: the
 * gateway answers its refusals and the faults of a plan with them.
 */
import { randomUUID } from "node:crypto";
import type { AwsService } from "../service";
import type { Protocol } from "./protocol";

export type WireError = { readonly status: number; readonly code: string; readonly message: string };

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
export const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? "");

const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';

const fault = (status: number): "Sender" | "Receiver" => (status < 500 ? "Sender" : "Receiver");

const json = (
  version: string,
  { namespace = "com.amazon.coral.service", queryCode }: AwsService["wire"],
  { status, code, message }: WireError,
  id: string,
): Answer => ({
  status,
  headers: {
    "content-type": `application/x-amz-json-${version}`,
    "x-amzn-requestid": id,
    ...(queryCode === undefined ? {} : { "x-amzn-query-error": `${queryCode(code)};${fault(status)}` }),
  },
  body: JSON.stringify({ __type: `${namespace}#${code}`, message }),
});

const query = ({ status, code, message }: WireError, id: string): Answer => ({
  status,
  headers: { "content-type": "text/xml", "x-amzn-requestid": id },
  body:
    `${XML}<ErrorResponse><Error><Type>${fault(status)}</Type><Code>${escapeXml(code)}</Code>` +
    `<Message>${escapeXml(message)}</Message></Error><RequestId>${id}</RequestId></ErrorResponse>`,
});

const restXml = ({ status, code, message }: WireError, id: string): Answer => ({
  status,
  headers: { "content-type": "application/xml", "x-amz-request-id": id },
  body:
    `${XML}<Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>` +
    `<RequestId>${id}</RequestId></Error>`,
});

const restJson = ({ status, code, message }: WireError, id: string): Answer => ({
  status,
  headers: { "content-type": "application/json", "x-amzn-errortype": code, "x-amzn-requestid": id },
  body: JSON.stringify({ Message: message }),
});

/** API Gateway tells a client no code; what must not be asked again at once says when. */
const http = ({ status, message }: WireError, id: string): Answer => ({
  status,
  headers: {
    "content-type": "application/json",
    "apigw-requestid": id,
    ...(status === 429 || status === 503 ? { "retry-after": "1" } : {}),
  },
  body: JSON.stringify({ message }),
});

const written = (protocol: Protocol, wire: AwsService["wire"], error: WireError, id: string): Answer => {
  switch (protocol) {
    case "json-1.0":
      return json("1.0", wire, error, id);
    case "json-1.1":
      return json("1.1", wire, error, id);
    case "query":
      return query(error, id);
    case "rest-xml":
      return restXml(error, id);
    case "rest-json":
      return restJson(error, id);
    case "http":
      return http(error, id);
  }
};

/**
 * Any error in the service's own shape. The answer to a HEAD has no body, as S3's.
 * @param request of whose protocol the answer must be; `headers` by lower-case names
 */
export const errorAnswer = (
  { wire }: AwsService,
  request: { readonly method: string; readonly headers: Readonly<Record<string, unknown>> },
  error: WireError,
  requestId: string = randomUUID(),
): Answer => {
  const protocol = typeof wire.protocol === "string" ? wire.protocol : wire.protocol(request.headers);
  const answer = written(protocol, wire, error, requestId);
  return request.method === "HEAD" ? { ...answer, body: "" } : answer;
};
