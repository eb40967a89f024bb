/**
 * A client of the orders API for any environment's endpoint: sends orders in requests the API takes, repeats
 * what is safe to repeat (every POST /orders is), and signs where asked to.
 */
import { setTimeout as sleep } from "node:timers/promises";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { jsonOrUndefined } from "../../lib/json";
import { causeOf } from "../../lib/thrown";

/** The API's own limit on one request. */
export const ORDERS_PER_REQUEST = 1_000;
const ATTEMPTS = 6;
const REQUEST_TIMEOUT_MS = 30_000;
const LONGEST_PAUSE_MS = 10_000;

const Outcome = t.type({
  order_id: t.number,
  outcome: t.keyof({ stored: null, replayed: null, conflict: null, unreadable: null }),
});
export type Outcome = t.TypeOf<typeof Outcome>;

const Fault = t.type({ path: t.string, expected: t.string, actual: t.string });
export type Fault = t.TypeOf<typeof Fault>;

const Outcomes = t.type({ orders: t.readonlyArray(Outcome) });
const Problem = t.intersection([
  t.type({ title: t.string }),
  t.partial({ detail: t.string, errors: t.readonlyArray(Fault), orders: t.readonlyArray(Outcome) }),
]);
type Problem = t.TypeOf<typeof Problem>;

/** What API Gateway itself answers (401, 403, 429, 5xx) before a function sees the request. */
const GatewayMessage = t.type({ message: t.string });

/** Why a request has no outcomes. Orders of a request that was not answered may or may not be stored. */
export type ClientError =
  | { readonly _tag: "Unreachable"; readonly url: string; readonly cause: string }
  | { readonly _tag: "Refused"; readonly status: number; readonly problem: Problem }
  | { readonly _tag: "NotTheOrdersApi"; readonly status: number; readonly url: string };

/** Adds what the endpoint's authorization asks for to a request's headers. */
export type Authorize = (request: {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}) => Promise<Readonly<Record<string, string>>>;

type Answer = { readonly status: number; readonly retryAfter: string | null; readonly body: unknown };

const post = (url: URL, body: string, authorize: Authorize): TE.TaskEither<ClientError, Answer> =>
  TE.tryCatch(
    async () => {
      const headers = { "content-type": "application/json" };
      const response = await fetch(url, {
        method: "POST",
        headers: await authorize({ method: "POST", url, headers, body }),
        body,
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      const retryAfter = response.headers.get("retry-after");
      return { status: response.status, retryAfter, body: jsonOrUndefined(await response.text()) };
    },
    (error): ClientError => ({ _tag: "Unreachable", url: url.href, cause: causeOf(error) }),
  );

const isTransient = (answer: Answer): boolean => answer.status === 429 || answer.status >= 500;

/** Full jitter: a random share of a pause that doubles, or what the server asked for. */
const pauseMs = (attempt: number, retryAfter: string | null): number => {
  const asked = Number(retryAfter);
  if (retryAfter !== null && Number.isFinite(asked)) return Math.min(asked * 1_000, LONGEST_PAUSE_MS);
  return Math.random() * Math.min(200 * 2 ** attempt, LONGEST_PAUSE_MS);
};

const postUntilAnswered = (
  url: URL,
  body: string,
  authorize: Authorize,
  attempt = 1,
): TE.TaskEither<ClientError, Answer> => {
  const again = (retryAfter: string | null) =>
    pipe(
      TE.fromTask(() => sleep(pauseMs(attempt, retryAfter))),
      TE.flatMap(() => postUntilAnswered(url, body, authorize, attempt + 1)),
    );
  const last = attempt >= ATTEMPTS;
  return pipe(
    post(url, body, authorize),
    TE.matchE(
      (error) => (last ? TE.left(error) : again(null)),
      (answer) => (!last && isTransient(answer) ? again(answer.retryAfter) : TE.right(answer)),
    ),
  );
};

const outcomes =
  (url: URL) =>
  ({ status, body }: Answer): E.Either<ClientError, ReadonlyArray<Outcome>> => {
    const notTheApi: ClientError = { _tag: "NotTheOrdersApi", status, url: url.href };
    const decode = <A>(codec: t.Decoder<unknown, A>): E.Either<ClientError, A> =>
      pipe(
        codec.decode(body),
        E.mapLeft(() => notTheApi),
      );
    switch (status) {
      case 201:
        return pipe(
          decode(Outcomes),
          E.map(({ orders }) => orders),
        );
      case 409:
        return pipe(
          decode(Problem),
          E.flatMap(({ orders }) => (orders === undefined ? E.left(notTheApi) : E.right(orders))),
        );
      default:
        return pipe(
          decode(Problem),
          E.orElse(() =>
            pipe(
              decode(GatewayMessage),
              E.map(({ message }): Problem => ({ title: message })),
            ),
          ),
          E.flatMap((problem) => E.left<ClientError>({ _tag: "Refused", status, problem })),
        );
    }
  };

/**
 * Sends at most {@link ORDERS_PER_REQUEST} orders in one `POST /orders`, as often as it takes to be answered.
 *
 * @param endpoint the API's base URL, e.g. `http://127.0.0.1:3000`
 * @returns one outcome per order; a conflict (409) is an outcome, a refused request (400, 401, …) an error
 */
export const postOrders =
  (endpoint: URL, authorize: Authorize) =>
  (orders: ReadonlyArray<unknown>): TE.TaskEither<ClientError, ReadonlyArray<Outcome>> => {
    const url = new URL(`${endpoint.href.replace(/\/+$/, "")}/orders`);
    return pipe(
      postUntilAnswered(url, JSON.stringify({ orders }), authorize),
      TE.flatMapEither(outcomes(url)),
    );
  };
