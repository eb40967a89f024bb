import type { OutgoingHttpHeaders } from "node:http";
import * as t from "io-ts";
import type { AwsAnswer, AwsCall, Backend } from "./call";

const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array;
const Bytes = new t.Type(
  "Bytes",
  isBytes,
  (value, context) => (isBytes(value) ? t.success(value) : t.failure(value, context)),
  t.identity,
);
/** The same bytes, not copied once more: a message between threads is a copy already. */
export const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

const Headers = t.record(t.string, t.union([t.string, t.number, t.array(t.string), t.undefined]));

/** A call, as a thread that serves is asked it. */
export const Asked = t.type({
  ask: t.number,
  method: t.string,
  url: t.string,
  headers: Headers,
  body: Bytes,
});
export type Asked = t.TypeOf<typeof Asked>;

/** What it answers, or why it cannot. */
export const Answered = t.union([
  t.type({ answered: t.number, status: t.number, headers: Headers, body: Bytes }),
  t.type({ answered: t.number, broken: t.string }),
]);
export type Answered = t.TypeOf<typeof Answered>;

/** Headers of one connection, not of the message. */
const HOP_BY_HOP = new Set(["connection", "expect", "keep-alive", "transfer-encoding", "content-length"]);

const messageHeaders = (headers: OutgoingHttpHeaders): OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));

/** A server of another thread, which is asked by messages: a socket between two threads would cost more than the call. */
export type Serving = (call: Omit<Asked, "ask">) => Promise<AwsAnswer>;

/**
 * Passes calls on to a server. A call goes out whole and is always waited for: a client that dies halfway leaves no
 * half request behind.
 *
 * @param keepHost S3 reads the bucket from the host of a virtual-hosted request
 */
export const forwardTo =
  (serving: Serving, keepHost = false): Backend =>
  async ({ method, url, headers, body }: AwsCall) => {
    const answer = await serving({
      method,
      url,
      headers: {
        ...messageHeaders(headers),
        host: keepHost ? headers["host"] : "127.0.0.1",
        "content-length": String(body.length),
      },
      body,
    });
    const { "content-length": length, ...kept } = answer.headers;
    return {
      ...answer,
      headers: {
        ...messageHeaders(kept),
        ...(method === "HEAD" && length !== undefined ? { "content-length": length } : {}),
      },
    };
  };
