/** One request to HCP Terraform's API: repeated where that is safe, and every failure classed. */
import { setTimeout as pause } from "node:timers/promises";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { faultLine, faults } from "../../lib/faults";
import type { HcpError } from "./errors";

const ATTEMPTS = 6;
const REQUEST_TIMEOUT_MS = 60_000;
const LONGEST_PAUSE_MS = 60_000;

export type Request = {
  /** Completes "cannot …" when it fails. */
  readonly what: string;
  readonly method?: "GET" | "POST" | "PUT";
  readonly url: URL;
  readonly token?: string;
  readonly body?: unknown;
  readonly bytes?: Uint8Array<ArrayBuffer>;
  /** Whether doing it twice is the same as once; a GET always is. */
  readonly repeatable?: boolean;
};

export type Answer = { readonly status: number; readonly retryAfter: string | null; readonly text: string };

/** The machine's side of the client, so that tests need not wait. */
export type Http = {
  readonly fetch: typeof fetch;
  readonly sleep: (ms: number) => Promise<void>;
};

export const realHttp: Http = { fetch, sleep: (ms) => pause(ms) };

/** fetch hides the reason (ECONNREFUSED, a certificate nobody vouches for, …) in `cause`. */
const reason = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
};

const once = (http: Http, request: Request): TE.TaskEither<HcpError, Answer> =>
  TE.tryCatch(
    async () => {
      const { method = "GET", url, token, body, bytes } = request;
      const response = await http.fetch(url, {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          "content-type": bytes === undefined ? "application/vnd.api+json" : "application/octet-stream",
        },
        body: bytes ?? (body === undefined ? null : JSON.stringify(body)),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      const retryAfter = response.headers.get("retry-after");
      return { status: response.status, retryAfter, text: await response.text() };
    },
    (error): HcpError => ({ _tag: "Unreachable", what: request.what, cause: reason(error) }),
  );

/** A refused 429 was not done; after a 5xx or a broken connection nobody knows. */
const mayRepeat = (request: Request, status: number | undefined): boolean =>
  status === 429 ||
  ((request.repeatable ?? (request.method ?? "GET") === "GET") && (status === undefined || status >= 500));

/** What the server asked for, else a random share of a pause that doubles. */
const pauseMs = (attempt: number, retryAfter: string | null): number => {
  const asked = retryAfter === null ? Number.NaN : Number(retryAfter);
  if (Number.isFinite(asked)) return Math.min(asked * 1_000, LONGEST_PAUSE_MS);
  return Math.random() * Math.min(500 * 2 ** attempt, LONGEST_PAUSE_MS);
};

const untilAnswered = (http: Http, request: Request, attempt = 1): TE.TaskEither<HcpError, Answer> => {
  const again = (retryAfter: string | null) =>
    pipe(
      TE.fromTask(() => http.sleep(pauseMs(attempt, retryAfter))),
      TE.flatMap(() => untilAnswered(http, request, attempt + 1)),
    );
  const repeats = (status?: number): boolean => attempt < ATTEMPTS && mayRepeat(request, status);
  return pipe(
    once(http, request),
    TE.matchE(
      (error) => (repeats() ? again(null) : TE.left(error)),
      (answer) => (repeats(answer.status) ? again(answer.retryAfter) : TE.right(answer)),
    ),
  );
};

const parse = (text: string): E.Either<"not JSON", unknown> =>
  E.tryCatch(
    (): unknown => JSON.parse(text),
    () => "not JSON",
  );

/** JSON:API's errors; anything else (a proxy's page) has no text worth showing. */
const ErrorDocument = t.type({
  errors: t.readonlyArray(t.union([t.string, t.partial({ title: t.string, detail: t.string })])),
});

const detailOf = (text: string): string => {
  const document = parse(text);
  if (E.isLeft(document) || !ErrorDocument.is(document.right)) return "";
  return document.right.errors
    .map((error) => (typeof error === "string" ? error : (error.detail ?? error.title ?? "")))
    .filter((line) => line !== "")
    .join("; ");
};

const TAGS: Readonly<Record<number, "Unauthorized" | "Forbidden" | "NotFound" | "Conflict" | "RateLimited">> =
  {
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    429: "RateLimited",
  };

const refusal = (what: string, { status, text }: Answer): HcpError => ({
  _tag: TAGS[status] ?? (status >= 500 ? "ServerFault" : "Rejected"),
  what,
  status,
  detail: detailOf(text),
});

/** @returns the answer's text, of a status from 200 to 299 */
export const sendForText = (http: Http, request: Request): TE.TaskEither<HcpError, string> =>
  pipe(
    untilAnswered(http, request),
    TE.flatMapEither((answer) =>
      answer.status >= 200 && answer.status < 300
        ? E.right(answer.text)
        : E.left(refusal(request.what, answer)),
    ),
  );

/** @returns the decoded answer */
export const send = <A>(
  http: Http,
  request: Request,
  codec: t.Decoder<unknown, A>,
): TE.TaskEither<HcpError, A> =>
  pipe(
    sendForText(http, request),
    TE.flatMapEither((text) =>
      pipe(
        parse(text),
        E.flatMap((json) =>
          pipe(
            codec.decode(json),
            E.mapLeft((errors) => faults(errors).slice(0, 3).map(faultLine).join("; ")),
          ),
        ),
        E.mapLeft((detail): HcpError => ({ _tag: "NotHcp", what: request.what, detail })),
      ),
    ),
  );
