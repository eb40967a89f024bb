import { Agent, type OutgoingHttpHeaders, request } from "node:http";
import type { AwsAnswer, AwsCall, Backend } from "./call";

/** Headers of one connection, not of the message. */
const HOP_BY_HOP = new Set(["connection", "expect", "keep-alive", "transfer-encoding", "content-length"]);

const messageHeaders = (headers: OutgoingHttpHeaders): OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));

/**
 * Passes calls on to a server on loopback, over connections that are kept. A call goes out whole and is always
 * waited for: a client that dies halfway leaves no half request behind.
 *
 * @param keepHost S3 reads the bucket from the host of a virtual-hosted request
 */
export const forwardTo = (port: number, keepHost = false): Backend => {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  return ({ method, url, headers, body }: AwsCall) =>
    new Promise<AwsAnswer>((resolve, reject) => {
      const outgoing = request(
        {
          agent,
          host: "127.0.0.1",
          port,
          method,
          path: url,
          headers: {
            ...messageHeaders(headers),
            host: keepHost ? headers["host"] : `127.0.0.1:${port}`,
            "content-length": body.length,
          },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.once("error", reject);
          incoming.once("end", () => {
            const { "content-length": length, ...kept } = incoming.headers;
            resolve({
              status: incoming.statusCode ?? 502,
              headers: {
                ...messageHeaders(kept),
                ...(method === "HEAD" && length !== undefined ? { "content-length": length } : {}),
              },
              body: Buffer.concat(chunks),
            });
          });
        },
      );
      outgoing.once("error", reject);
      outgoing.end(body);
    });
};
