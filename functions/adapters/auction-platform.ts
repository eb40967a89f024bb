import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import type { AuctionConfig } from "../auction-config";
import { idempotencyKey } from "../domain/order";
import { faultLines } from "../../lib/faults";
import { cut, oneLine } from "../../lib/text";
import { ResultsAnswer } from "../domain/results";
import type { AuctionPlatform, ReceivedPage, Refused, TooLate, Withdrawals } from "../ports/capabilities";
import { ambiguous, permanent, type PortError, transient } from "../ports/errors";
import { sqs } from "./clients";
import { type HttpAnswer, type HttpRequest, isTransientStatus, send } from "./http";
import { parameter } from "./ssm-parameter";

const sign = async ({ method, url, headers, body }: HttpRequest): Promise<HttpRequest["headers"]> => {
  const { credentials, region } = sqs().config;
  const signer = new SignatureV4({ service: "execute-api", region, credentials, sha256: Sha256 });
  const signed = await signer.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { ...headers, host: url.host },
    ...(body === undefined ? {} : { body }),
  });
  return signed.headers;
};

const authorized =
  (config: AuctionConfig, signal: AbortSignal) =>
  (request: HttpRequest): TE.TaskEither<PortError, HttpRequest> => {
    const headers: TE.TaskEither<PortError, HttpRequest["headers"]> =
      config.AUCTION_AUTH === "iam"
        ? TE.tryCatch(
            () => sign(request),
            (thrown) => transient("signing for the auction platform", String(thrown)),
          )
        : pipe(
            parameter(config.AUCTION_KEY_PARAMETER, signal),
            TE.map((key) => ({ ...request.headers, authorization: `Bearer ${key}` })),
          );
    return pipe(
      headers,
      TE.map((complete) => ({ ...request, headers: complete })),
    );
  };

const RefusalProblem = t.partial({ title: t.string, detail: t.string, reason: t.string });

const MAX_REASON = 500;

/** The platform's words go into logs and messages: one line of bounded length. */
const reasonOf = (body: unknown, status: number): string => {
  const { reason, detail, title } = RefusalProblem.is(body) ? body : {};
  return cut(oneLine(reason ?? detail ?? title ?? `refused with ${status}`), MAX_REASON);
};

/** What an unsuccessful status says of the request; 400, 409 and 422 speak of the order, and only to `submit`. */
const failure = (operation: string, { status, retryAfterMs: after }: HttpAnswer): PortError => {
  const said = `the auction platform answered ${status}`;
  if (isTransientStatus(status)) return transient(operation, said, after);
  return permanent(operation, said);
};

/** With these, who answers has not taken the order; with a 5xx or a 408, nobody but the platform knows. */
const NOT_TAKEN: ReadonlyArray<number> = [425, 429];

/** A gateway in front of the platform answers 5xx, too, for an order that has passed it. */
const notSubmitted = (answer: HttpAnswer): PortError => {
  const error = failure("submitting an order", answer);
  return error._tag === "Transient" && !NOT_TAKEN.includes(answer.status)
    ? ambiguous(error.operation, error.cause, error.retryAfterMs)
    : error;
};

const submission = (answer: HttpAnswer): E.Either<PortError | Refused, void> => {
  switch (answer.status) {
    case 200:
    case 201:
    case 202:
    case 204:
      return E.right(undefined);
    case 400:
    case 409:
    case 422:
      return E.left({ _tag: "Refused", reason: reasonOf(answer.body, answer.status) });
    default:
      return E.left(notSubmitted(answer));
  }
};

const FETCHING = "fetching results";

/** What the function's memory holds with ease. A larger answer is not read to its end. */
const RESULTS = { timeoutMs: 10_000, largestBytes: 32 * 1024 * 1024 };

const results = (answer: HttpAnswer): E.Either<PortError, ReceivedPage> => {
  const { status, bytes, body } = answer;
  if (status !== 200) return E.left(failure(FETCHING, answer));
  if (bytes === undefined)
    return E.left(
      permanent(
        FETCHING,
        `the answer is larger than ${RESULTS.largestBytes} bytes: ask for fewer orders at a time (results.page_limit of the environment)`,
      ),
    );
  return pipe(
    ResultsAnswer.decode(body),
    E.bimap(
      (errors) => permanent(FETCHING, `not the answer agreed on: ${faultLines(errors)}`),
      (decoded) => ({ answer: decoded, bytes }),
    ),
  );
};

const WITHDRAWING = "withdrawing an order";

const withdrawal = (answer: HttpAnswer): E.Either<PortError | TooLate, void> => {
  switch (answer.status) {
    case 200:
    case 204:
      return E.right(undefined);
    case 404:
    case 409:
      return E.left({ _tag: "TooLate" });
    default:
      return E.left(failure(WITHDRAWING, answer));
  }
};

/** The auction platform over HTTP: a real one or the simulator, behind the same contract. */
export const auctionPlatform = (
  config: AuctionConfig,
  signal: AbortSignal,
): AuctionPlatform & Withdrawals => {
  const base = config.AUCTION_URL.replace(/\/+$/, "");
  return {
    submit: (order) =>
      pipe(
        authorized(
          config,
          signal,
        )({
          method: "POST",
          url: new URL(`${base}/orders`),
          headers: {
            "content-type": "application/json",
            "idempotency-key": idempotencyKey(order),
            // For both sides' logs only.
            "x-request-id": order.request_id,
          },
          body: JSON.stringify({ order_id: order.order_id, product: order.product, power: order.power }),
        }),
        TE.flatMap(send("submitting an order", signal)),
        TE.flatMapEither(submission),
      ),
    withdraw: (order) =>
      pipe(
        authorized(
          config,
          signal,
        )({
          method: "DELETE",
          url: new URL(`${base}/orders/${order.order_id}`),
          headers: { "idempotency-key": idempotencyKey(order), "x-request-id": order.request_id },
        }),
        TE.flatMap(send(WITHDRAWING, signal)),
        TE.flatMapEither(withdrawal),
      ),
    results: ({ cursor, limit }) => {
      const url = new URL(`${base}/results`);
      url.searchParams.set("limit", String(limit));
      if (cursor !== undefined) url.searchParams.set("cursor", cursor);
      return pipe(
        authorized(config, signal)({ method: "GET", url, headers: { accept: "application/json" } }),
        TE.flatMap(send(FETCHING, signal, RESULTS)),
        TE.flatMapEither(results),
      );
    },
  };
};
