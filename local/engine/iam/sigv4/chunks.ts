/** Bodies sent as signed chunks (`aws-chunked`): each chunk's signature is made over the one before it. */
import { type Scope, scopeText, sha256, signatureOf } from "./canonical";

const EMPTY = sha256("");
const CRLF = "\r\n";

export type Chain = {
  readonly key: Uint8Array;
  readonly date: string;
  readonly scope: Scope;
  /** The signature of the request itself: the first link. */
  readonly seed: string;
};

const link = ({ key, date, scope }: Chain, kind: "PAYLOAD" | "TRAILER", rest: ReadonlyArray<string>) =>
  signatureOf(key, [`AWS4-HMAC-SHA256-${kind}`, date, scopeText(scope), ...rest]);

/** Trailing headers, then their own signature. */
const trailerFits = (chain: Chain, previous: string, text: string): boolean => {
  const lines = text.split(CRLF).filter((line) => line !== "");
  const signed = lines.at(-1)?.match(/^x-amz-trailer-signature:([0-9a-f]{64})$/)?.[1];
  const trailers = lines
    .slice(0, -1)
    .map((line) => `${line}\n`)
    .join("");
  return signed === link(chain, "TRAILER", [previous, sha256(trailers)]);
};

/** Whether every chunk, the empty last one included, carries the signature it should. */
export const chunksFit = (body: Uint8Array, chain: Chain, withTrailer: boolean): boolean => {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  let previous = chain.seed;
  let at = 0;
  for (;;) {
    const end = bytes.indexOf(CRLF, at);
    const head = /^([0-9a-f]{1,8});chunk-signature=([0-9a-f]{64})$/i.exec(
      bytes.toString("latin1", at, Math.max(end, at)),
    );
    if (head?.[1] === undefined || head[2] === undefined) return false;
    const size = parseInt(head[1], 16);
    const start = end + CRLF.length;
    if (start + size > bytes.length) return false;
    const data = bytes.subarray(start, start + size);
    if (head[2] !== link(chain, "PAYLOAD", [previous, EMPTY, sha256(data)])) return false;
    previous = head[2];
    at = start + size + (size === 0 ? 0 : CRLF.length);
    if (size === 0) break;
  }
  const rest = bytes.toString("latin1", at);
  return withTrailer ? trailerFits(chain, previous, rest) : rest === CRLF || rest === "";
};
