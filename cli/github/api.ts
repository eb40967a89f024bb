/** GitHub's REST API, as far as the workflows need it. */
import { setTimeout as pause } from "node:timers/promises";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { faultLine, faults } from "../../lib/faults";
import { jsonOrUndefined } from "../../lib/json";
import { causeOf } from "../../lib/thrown";
import type { GitHubError } from "./errors";

/** One repository, and the token of the job that asks. */
export type Repository = { readonly api: URL; readonly name: string; readonly token: string };

export type Call = {
  /** Completes "cannot …" when it fails. */
  readonly what: string;
  readonly method?: "GET" | "POST" | "PATCH";
  /** Within the repository: `issues/7`. */
  readonly path: string;
  readonly body?: unknown;
};

type Answer = { readonly status: number; readonly text: string };

const ATTEMPTS = 4;
const PAUSE_MS = 1_000;
const REQUEST_TIMEOUT_MS = 30_000;
const PAGE = 100;

const once = (
  { api, name, token }: Repository,
  { what, method = "GET", path, body }: Call,
): TE.TaskEither<GitHubError, Answer> =>
  TE.tryCatch(
    async () => {
      const response = await fetch(`${api.href.replace(/\/$/, "")}/repos/${name}/${path}`, {
        method,
        headers: {
          accept: "application/vnd.github+json",
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          "x-github-api-version": "2022-11-28",
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      return { status: response.status, text: await response.text() };
    },
    (error): GitHubError => ({ _tag: "Unreachable", what, cause: causeOf(error) }),
  );

/** What a POST did before its connection broke nobody knows: a second one could be a second issue. */
const isRepeatable = ({ method = "GET" }: Call): boolean => method !== "POST";

const untilAnswered = (
  repository: Repository,
  call: Call,
  attempt = 1,
): TE.TaskEither<GitHubError, Answer> => {
  const mayRepeat = attempt < ATTEMPTS && isRepeatable(call);
  const again = pipe(
    TE.fromTask<undefined, GitHubError>(() => pause(PAUSE_MS * attempt)),
    TE.flatMap(() => untilAnswered(repository, call, attempt + 1)),
  );
  return pipe(
    once(repository, call),
    TE.matchE(
      (error) => (mayRepeat ? again : TE.left(error)),
      (answer) => (mayRepeat && (answer.status === 429 || answer.status >= 500) ? again : TE.right(answer)),
    ),
  );
};

const Message = t.type({ message: t.string });

const detailOf = (text: string): string => {
  const document = jsonOrUndefined(text);
  return Message.is(document) ? document.message : "";
};

export const send = <A>(
  repository: Repository,
  call: Call,
  codec: t.Decoder<unknown, A>,
): TE.TaskEither<GitHubError, A> =>
  pipe(
    untilAnswered(repository, call),
    TE.flatMapEither(({ status, text }) =>
      status < 200 || status > 299
        ? E.left<GitHubError, A>({ _tag: "Answered", what: call.what, status, detail: detailOf(text) })
        : pipe(
            codec.decode(jsonOrUndefined(text)),
            E.mapLeft((errors): GitHubError => ({
              _tag: "NotGitHub",
              what: call.what,
              detail: faults(errors).slice(0, 3).map(faultLine).join("; "),
            })),
          ),
    ),
  );

/** All pages of a list, the first that fits: most are found on the first page. */
export const findIn = <A>(
  repository: Repository,
  call: Call,
  codec: t.Type<A, unknown>,
  isIt: (one: A) => boolean,
  page = 1,
): TE.TaskEither<GitHubError, A | undefined> => {
  const mark = call.path.includes("?") ? "&" : "?";
  return pipe(
    send(
      repository,
      { ...call, path: `${call.path}${mark}per_page=${PAGE}&page=${page}` },
      t.readonlyArray(codec),
    ),
    TE.flatMap((list) => {
      const found = list.find(isIt);
      return found !== undefined || list.length < PAGE
        ? TE.right(found)
        : findIn(repository, call, codec, isIt, page + 1);
    }),
  );
};
