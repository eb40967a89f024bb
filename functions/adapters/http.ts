import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { jsonOrUndefined } from "../../lib/json";
import { ambiguous, type PortError, transient } from "../ports/errors";

export type HttpRequest = {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type HttpAnswer = {
  readonly status: number;
  /** What `Retry-After` asks for. */
  readonly retryAfterMs: number | undefined;
  /** The body if it is JSON of acceptable size. */
  readonly body: unknown;
};

const CALL_TIMEOUT_MS = 3_000;
const MAX_ANSWER_CHARACTERS = 1024 * 1024;

/** Seconds or an HTTP date. */
const retryAfterMs = (header: string | null): number | undefined => {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(ms, 0) : undefined;
};

const parse = (text: string): unknown =>
  text.length > MAX_ANSWER_CHARACTERS ? undefined : jsonOrUndefined(text);

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

/** One HTTP call, given up after 3 s or when `signal` aborts. Redirects are errors: a key goes nowhere else. */
export const send =
  (operation: string, signal: AbortSignal) =>
  ({ method, url, headers, body }: HttpRequest): TE.TaskEither<PortError, HttpAnswer> =>
    TE.tryCatch(
      async () => {
        const response = await fetch(url, {
          method,
          headers,
          ...(body === undefined ? {} : { body }),
          redirect: "error",
          signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]),
        });
        return {
          status: response.status,
          retryAfterMs: retryAfterMs(response.headers.get("retry-after")),
          body: parse(await response.text()),
        };
      },
      (thrown) => failure(operation, thrown),
    );

export const isTransientStatus = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || status >= 500;
