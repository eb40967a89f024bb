import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import * as E from "fp-ts/Either";
import * as Eq from "fp-ts/Eq";
import { pipe } from "fp-ts/function";
import * as N from "fp-ts/number";
import * as RA from "fp-ts/ReadonlyArray";
import * as T from "fp-ts/Task";
import * as TE from "fp-ts/TaskEither";
import type { AuctionConfig } from "../auction-config";
import { idempotencyKey } from "../domain/order";
import { traverseAll } from "../fp/bounded";
import { faultLines } from "../../lib/faults";
import { ResultsAnswer } from "../domain/results";
import type {
  AuctionPlatform,
  OrderToSubmit,
  ReceivedPage,
  TooLate,
  Withdrawals,
} from "../ports/capabilities";
import { permanent, type PortError, transient } from "../ports/errors";
import { failure, submission, submissions, SUBMITTING } from "./auction-answers";
import { sqs } from "./clients";
import { type HttpAnswer, type HttpRequest, send } from "./http";
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

const contentOf = ({ order_id, product, power }: OrderToSubmit) => ({ order_id, product, power });

const alone = (order: OrderToSubmit): Pick<HttpRequest, "headers" | "body"> => ({
  headers: {
    "content-type": "application/json",
    "idempotency-key": idempotencyKey(order),
    // For both sides' logs only.
    "x-request-id": order.request_id,
  },
  body: JSON.stringify(contentOf(order)),
});

const together = (orders: ReadonlyArray<OrderToSubmit>): Pick<HttpRequest, "headers" | "body"> => ({
  headers: { "content-type": "application/json" },
  body: JSON.stringify({
    orders: orders.map((order) => ({
      idempotency_key: idempotencyKey(order),
      request_id: order.request_id,
      ...contentOf(order),
    })),
  }),
});

/** Many orders take longer than one. */
const BATCH = { timeoutMs: 10_000, largestBytes: 1024 * 1024 };

const byId = Eq.contramap(({ order_id }: OrderToSubmit): number => order_id)(N.Eq);

/**
 * The auction platform over HTTP: a real one or the simulator, behind the same contract.
 *
 * @param ordersPerCall more than 1 where it takes so many in one call (`POST /orders:batch`)
 */
export const auctionPlatform = (
  config: AuctionConfig,
  signal: AbortSignal,
  ordersPerCall = 1,
): AuctionPlatform & Withdrawals => {
  const base = config.AUCTION_URL.replace(/\/+$/, "");
  const authorize = authorized(config, signal);

  const submitAlone = (order: OrderToSubmit) =>
    pipe(
      authorize({ method: "POST", url: new URL(`${base}/orders`), ...alone(order) }),
      TE.flatMap(send(SUBMITTING, signal)),
      TE.flatMapEither(submission),
    );

  const submitTogether: AuctionPlatform["submit"] = (orders) =>
    pipe(
      // A key twice in one call would be two orders at once.
      authorize({
        method: "POST",
        url: new URL(`${base}/orders:batch`),
        ...together(RA.uniq(byId)(orders)),
      }),
      TE.flatMap(send(SUBMITTING, signal, BATCH)),
      TE.match((error) => () => E.left(error), submissions),
      T.map((outcomeOf) => orders.map(outcomeOf)),
    );

  return {
    ordersPerCall,
    submit: ordersPerCall > 1 ? submitTogether : traverseAll(1)(submitAlone),
    withdraw: (order) =>
      pipe(
        authorize({
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
        authorize({ method: "GET", url, headers: { accept: "application/json" } }),
        TE.flatMap(send(FETCHING, signal, RESULTS)),
        TE.flatMapEither(results),
      );
    },
  };
};
