import type { IncomingMessage } from "node:http";
import { UnknownRecord } from "io-ts";

/** A request to AWS, read from the protocol that its service speaks, and a refusal in the same protocol. */

export type Json = Readonly<Record<string, unknown>>;
export type Tags = Readonly<Record<string, string>>;

export type Call = {
  /** As signatures name it: CloudWatch is `monitoring`. */
  readonly service: string;
  readonly accessKey: string;
  readonly region: string;
  readonly method: string;
  /** The path's segments, decoded. */
  readonly path: ReadonlyArray<string>;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly protocol: "json" | "query" | "cbor" | "rest-json" | "rest-xml";
  /** REST has only a method and a path. */
  readonly operation: string | undefined;
  /** The body of a form or a JSON document; empty for what is neither. */
  readonly input: Json;
  readonly body: string;
};

export const recordOf = (value: unknown): Json => (UnknownRecord.is(value) ? value : {});

export const parsed = (json: string): Json => {
  try {
    return recordOf(JSON.parse(json));
  } catch {
    return {};
  }
};

export const textOf = (input: Json, ...names: ReadonlyArray<string>): string | undefined =>
  names.map((name) => input[name]).find((value) => typeof value === "string");

export const textsOf = (value: unknown): ReadonlyArray<string> =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];

/** Tags as a map, or as the list of pairs that most services write, each with names of its own. */
export const tagsOf = (value: unknown): Tags =>
  Object.fromEntries(
    Array.isArray(value)
      ? value.map(recordOf).flatMap((tag) => {
          const key = textOf(tag, "Key", "key", "TagKey");
          return key === undefined ? [] : [[key, textOf(tag, "Value", "value", "TagValue") ?? ""] as const];
        })
      : Object.entries(recordOf(value)).filter(
          (entry): entry is [string, string] => typeof entry[1] === "string",
        ),
  );

/** `<Key>` and the like, in the order they stand in. */
export const elementsOf = (xml: string, name: string): ReadonlyArray<string> =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(([, text = ""]) => text);

/** `Tags.member.1.Key=a` is `{Tags: [{Key: "a"}]}`: lists have numbers, below a name that says that they are lists. */
const nested = (form: URLSearchParams): Json => {
  const fields = [...form].map(([name, value]) => ({ steps: name.split("."), value }));
  const build = (below: typeof fields): unknown => {
    const [only] = below;
    if (only !== undefined && only.steps.length === 0) return only.value;
    const groups = Map.groupBy(below, ({ steps }) => steps[0] ?? "");
    const built = [...groups].map(
      ([step, group]) =>
        [step, build(group.map(({ steps, value }) => ({ steps: steps.slice(1), value })))] as const,
    );
    const [first] = built;
    if (built.length === 1 && (first?.[0] === "member" || first?.[0] === "entry")) return first[1];
    return built.every(([step]) => /^\d+$/.test(step))
      ? built.map(([, value]) => value)
      : Object.fromEntries(built);
  };
  return fields.length === 0 ? {} : recordOf(build(fields));
};

const REST_XML = new Set(["s3"]);

const protocolOf = (service: string, { headers }: Pick<IncomingMessage, "headers">): Call["protocol"] => {
  if (headers["smithy-protocol"] === "rpc-v2-cbor") return "cbor";
  if (headers["x-amz-target"] !== undefined) return "json";
  if (/x-www-form-urlencoded/.test(headers["content-type"] ?? "")) return "query";
  return REST_XML.has(service) ? "rest-xml" : "rest-json";
};

export const callOf = (
  { headers, method = "GET", url = "/" }: Pick<IncomingMessage, "headers" | "method" | "url">,
  content: Buffer,
): Call => {
  const [, accessKey = "", region = "", service = "unsigned"] =
    /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? "") ?? [];
  const { pathname, searchParams: query } = new URL(url, "http://stand-in");
  const path = pathname
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent);
  const protocol = protocolOf(service, { headers });
  const body = content.toString();
  const form = protocol === "query" ? nested(new URLSearchParams(body)) : undefined;
  const named = {
    json: () => String(headers["x-amz-target"]).split(".").at(-1),
    query: () => textOf(form ?? {}, "Action"),
    cbor: () => path.at(-1),
    "rest-json": () => undefined,
    "rest-xml": () => undefined,
  };
  return {
    ...{ service, accessKey, region, method, path, query, headers, protocol, body },
    operation: named[protocol](),
    input: form ?? parsed(body),
  };
};

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

const answer = (status: number, type: string, body: string, headers = {}): Answer => ({
  status,
  headers: { "content-type": type, ...headers },
  body: Buffer.from(body),
});

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** SNS alone has a code of its own. */
const QUERY_CODES: Readonly<Record<string, string>> = { sns: "AuthorizationError" };

/** What AWS answers to whom a policy does not allow the request. */
export const accessDenied = ({ protocol, service, method }: Call, message: string): Answer => {
  const text = escaped(message);
  switch (protocol) {
    case "json":
    case "cbor": {
      const document = JSON.stringify({ __type: "AccessDeniedException", message, Message: message });
      return answer(400, "application/x-amz-json-1.1", document);
    }
    case "query": {
      const error = `<Type>Sender</Type><Code>${QUERY_CODES[service] ?? "AccessDenied"}</Code><Message>${text}</Message>`;
      return answer(403, "text/xml", `<ErrorResponse><Error>${error}</Error></ErrorResponse>`);
    }
    case "rest-json":
      return answer(403, "application/json", JSON.stringify({ message, Message: message }), {
        "x-amzn-errortype": "AccessDeniedException",
      });
    case "rest-xml": {
      const error = `<Error><Code>AccessDenied</Code><Message>${text}</Message></Error>`;
      return answer(403, "application/xml", method === "HEAD" ? "" : error);
    }
  }
};
