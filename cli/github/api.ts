/** GitHub's REST API, as far as the workflows need it. */
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { faultLine, faults } from "../../lib/faults";
import * as http from "../../lib/http";
import { jsonOrUndefined } from "../../lib/json";
import { answered, failed, type GitHubError } from "./errors";

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

const ATTEMPTS = 4;
const PAGE = 100;

const answerTo = (
  { api, name, token }: Repository,
  { what, method = "GET", path, body }: Call,
): TE.TaskEither<GitHubError, http.HttpAnswer> =>
  pipe(
    http.send(
      {
        method,
        url: new URL(`${api.href.replace(/\/$/, "")}/repos/${name}/${path}`),
        headers: {
          accept: "application/vnd.github+json",
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          "x-github-api-version": "2022-11-28",
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      // What a POST did before its connection broke nobody knows: a second one could be a second issue.
      { attempts: method === "POST" ? 1 : ATTEMPTS },
    ),
    TE.mapLeft((cause) => failed(what, `no answer from GitHub: ${cause}`)),
  );

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
    answerTo(repository, call),
    TE.flatMapEither(({ status, text }) =>
      status < 200 || status > 299
        ? E.left(answered(call.what, status, detailOf(text)))
        : pipe(
            codec.decode(jsonOrUndefined(text)),
            E.mapLeft((errors) => {
              const detail = faults(errors).slice(0, 3).map(faultLine).join("; ");
              return failed(call.what, `an answer this command does not understand: ${detail}`);
            }),
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
