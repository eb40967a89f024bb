import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import ky, { isHTTPError } from "ky";
import { reasonOf } from "./thrown";

type Headers = Readonly<Record<string, string>>;

export type HttpRequest = {
  readonly method: "GET" | "POST" | "PATCH";
  readonly url: URL;
  readonly headers: Headers;
  readonly body?: string;
};

/** Whatever its status: the caller decides what it means. */
export type HttpAnswer = { readonly status: number; readonly text: string };

/** The headers that a request goes with besides its own: a token, or a signature of all of it. */
export type Authorize = (request: Request) => Promise<Headers>;

export type Sending = {
  /** The most attempts. More than 1 only for what may safely happen twice. */
  readonly attempts: number;
  /** Asked for each attempt: a signature carries its time. */
  readonly authorize?: Authorize;
};

const TIMEOUT_MS = 30_000;
const LONGEST_PAUSE_MS = 10_000;
const FIRST_PAUSE_MS = 400;
/** The server's own trouble, and too many requests: the same request may succeed later. */
const TRANSIENT = [408, 425, 429, 500, 502, 503, 504];

const Wrapper = t.type({ cause: t.type({ message: t.string }) });

/** `fetch` only says that it failed; why (ECONNREFUSED, …) is in its cause. */
export const whyOf = (thrown: unknown): string =>
  reasonOf(Wrapper.is(thrown) && thrown.cause.message !== "" ? thrown.cause : thrown);

/**
 * A `fetch` that sends a request until it is answered, with pauses that double, at random (or as `Retry-After` asks,
 * 10 s at most), and resolves to the last attempt's answer. A redirect is an error: a signature or a token goes to
 * nobody else.
 */
export const fetchWith =
  ({ attempts, authorize }: Sending) =>
  (request: Request): Promise<Response> =>
    ky(request, {
      redirect: "error",
      timeout: TIMEOUT_MS,
      signal: AbortSignal.timeout(attempts * (TIMEOUT_MS + LONGEST_PAUSE_MS)),
      retry: {
        limit: attempts - 1,
        methods: ["get", "post", "patch"],
        statusCodes: TRANSIENT,
        afterStatusCodes: TRANSIENT,
        maxRetryAfter: LONGEST_PAUSE_MS,
        backoffLimit: LONGEST_PAUSE_MS,
        delay: (attempt) => FIRST_PAUSE_MS * 2 ** (attempt - 1),
        jitter: true,
        retryOnTimeout: true,
      },
      hooks: {
        beforeRequest: [
          async (attempt) => {
            for (const [name, value] of Object.entries((await authorize?.(attempt)) ?? {}))
              attempt.headers.set(name, value);
          },
        ],
      },
    }).catch((thrown: unknown) => {
      if (isHTTPError(thrown)) return thrown.response;
      throw thrown;
    });

/** @returns the last attempt's answer; left: why there was none */
export const send = ({ url, ...init }: HttpRequest, sending: Sending): TE.TaskEither<string, HttpAnswer> =>
  TE.tryCatch(async () => {
    const response = await fetchWith(sending)(new Request(url, init));
    return { status: response.status, text: await response.text() };
  }, whyOf);
