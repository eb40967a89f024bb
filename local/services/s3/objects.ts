import type { AwsCall, Backend, Headers } from "../../engine/gateway/call";
import { AwsError } from "../../engine/gateway/errors";
import { checkBody } from "./checksums";

const LONGEST_KEY_BYTES = 1_024;
const CRLF = "\r\n";

const incomplete = (): AwsError =>
  new AwsError(
    "IncompleteBody",
    "You did not provide the number of bytes specified by the Content-Length HTTP header",
  );

/** A body sent in chunks with trailing headers (`aws-chunked`): what was sent, and those headers. */
const unchunked = (body: Buffer): { readonly body: Buffer; readonly trailers: Headers } => {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf(CRLF, at);
    const size = /^([0-9a-f]{1,8})(;|$)/i.exec(body.toString("latin1", at, Math.max(end, at)))?.[1];
    if (size === undefined) throw incomplete();
    const start = end + CRLF.length;
    const length = parseInt(size, 16);
    if (length === 0) {
      const trailers = body.toString("latin1", start).split(CRLF).filter(Boolean);
      return {
        body: Buffer.concat(chunks),
        trailers: Object.fromEntries(
          trailers.map((line) => {
            const colon = line.indexOf(":");
            return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
          }),
        ),
      };
    }
    if (start + length > body.length) throw incomplete();
    chunks.push(body.subarray(start, start + length));
    at = start + length + CRLF.length;
  }
};

const OF_CHUNKS = new Set(["x-amz-decoded-content-length", "x-amz-trailer"]);

/** A call with its body as its sender has it, and what the chunks said about it among its headers. */
const plain = (call: AwsCall): AwsCall => {
  const encodings = (call.headers["content-encoding"] ?? "").split(",").map((one) => one.trim());
  if (!encodings.includes("aws-chunked")) return call;
  const { body, trailers } = unchunked(call.body);
  const length = call.headers["x-amz-decoded-content-length"];
  if (length !== undefined && Number(length) !== body.length) throw incomplete();
  const left = encodings.filter((one) => one !== "aws-chunked" && one !== "").join(",");
  const headers = Object.entries({ ...call.headers, ...trailers, "content-encoding": left });
  return {
    ...call,
    body,
    headers: Object.fromEntries(headers.filter(([name, value]) => !OF_CHUNKS.has(name) && value !== "")),
  };
};

const keyOf = (url: string): string => {
  const [path = ""] = url.split("?", 1);
  return decodeURIComponent(path.split("/").slice(2).join("/"));
};

/**
 * S3 in front of fauxqs, which keeps what comes: a body that is not what its MD5 or checksum says, one that is
 * shorter than announced and a key that is too long are refused here. (The checksum of a completed upload is
 * the whole object's, not that of the list of parts which completes it.)
 */
export const objectsBackend =
  (fauxqs: Backend): Backend =>
  async (call) => {
    if (Buffer.byteLength(keyOf(call.url)) > LONGEST_KEY_BYTES)
      throw new AwsError("KeyTooLongError", "Your key is too long");
    const whole = plain(call);
    if (call.operation !== "CompleteMultipartUpload") await checkBody(whole.headers, whole.body);
    return fauxqs(whole);
  };
