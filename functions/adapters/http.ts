import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { jsonOrUndefined } from "../../lib/json";
import { ambiguous, type PortError, transient } from "../ports/errors";

export type HttpRequest = {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type HttpAnswer = {
  readonly status: number;
  /** What `Retry-After` asks for. */
  readonly retryAfterMs: number | undefined;
  /** The body as it came; none where it was larger than expected, and read no further. */
  readonly bytes: Buffer | undefined;
  /** The body if it is JSON. */
  readonly body: unknown;
};

const MIB = 1024 * 1024;

/** How long an answer may take and how large it may be, where a call says nothing else. */
const CALL = { timeoutMs: 3_000, largestBytes: MIB };

/** Seconds or an HTTP date. */
const retryAfterMs = (header: string | null): number | undefined => {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(ms, 0) : undefined;
};

const bytesOf = async (response: Response, largest: number): Promise<Buffer | undefined> => {
  const body: AsyncIterable<Uint8Array> | null = response.body;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > largest) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const Reason = t.partial({ code: t.string, message: t.string });
const Thrown = t.intersection([Reason, t.partial({ cause: Reason })]);

/** fetch hides what happened (ECONNREFUSED, …) in `cause`. No connection: it did not happen. Later: it may have. */
const failure = (operation: string, thrown: unknown): PortError => {
  const { code = "", message = "no answer" } = Thrown.is(thrown) ? (thrown.cause ?? thrown) : {};
  const text = `${code} ${message}`.trim();
  return /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT/.test(code)
    ? transient(operation, text)
    : ambiguous(operation, text);
};

/** One HTTP call, given up after a time or when `signal` aborts. Redirects are errors: a key goes nowhere else. */
export const send =
  (operation: string, signal: AbortSignal, { timeoutMs, largestBytes } = CALL) =>
  ({ method, url, headers, body }: HttpRequest): TE.TaskEither<PortError, HttpAnswer> =>
    TE.tryCatch(
      async () => {
        const response = await fetch(url, {
          method,
          headers,
          ...(body === undefined ? {} : { body }),
          redirect: "error",
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        });
        const bytes = await bytesOf(response, largestBytes);
        return {
          status: response.status,
          retryAfterMs: retryAfterMs(response.headers.get("retry-after")),
          bytes,
          body: bytes === undefined ? undefined : jsonOrUndefined(bytes.toString()),
        };
      },
      (thrown) => failure(operation, thrown),
    );

export const isTransientStatus = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || status >= 500;
