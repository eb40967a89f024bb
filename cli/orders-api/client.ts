/** A client of the orders API of any environment. Every call of that API may be repeated, POST /orders too. */
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { type HttpRequest, send } from "../../lib/http";
import { jsonOrUndefined } from "../../lib/json";

/** The API's own limit on one request. */
export const ORDERS_PER_REQUEST = 1_000;
export const REQUEST_BYTES = 1_048_576;

const Outcome = t.intersection([
  t.type({
    order_id: t.number,
    outcome: t.keyof({ stored: null, replayed: null, conflict: null, unreadable: null }),
  }),
  t.partial({ status: t.string }),
]);
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

/** The headers of a request with what the endpoint's authorization asks for. */
export type Authorize = (request: HttpRequest) => Promise<Readonly<Record<string, string>>>;

export type Answer = { readonly status: number; readonly body: unknown };

/** An API's base URL as its paths are appended to it. */
export const baseOf = (endpoint: URL): string => endpoint.href.replace(/\/+$/, "");

/**
 * One call of an orders API: what it answers, whatever the status.
 *
 * @param endpoint the API's base URL, e.g. `http://127.0.0.1:3000`
 * @param attempts more than 1 repeats it while the API is unreachable, busy or failing
 */
export const callTo =
  (endpoint: URL, authorize: Authorize, attempts: number) =>
  (method: "GET" | "POST", path: string, content?: unknown): TE.TaskEither<string, Answer> => {
    const url = new URL(`${baseOf(endpoint)}${path}`);
    const request: HttpRequest =
      content === undefined
        ? { method, url, headers: { accept: "application/json" } }
        : { method, url, headers: { "content-type": "application/json" }, body: JSON.stringify(content) };
    return pipe(
      send(request, { attempts, authorize }),
      TE.map(({ status, text }) => ({ status, body: jsonOrUndefined(text) })),
    );
  };

const outcomes =
  (url: string) =>
  ({ status, body }: Answer): E.Either<ClientError, ReadonlyArray<Outcome>> => {
    const notTheApi: ClientError = { _tag: "NotTheOrdersApi", status, url };
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
 * @returns one outcome per order; a conflict (409) is an outcome, a refused request (400, 401, …) an error
 */
export const postOrders = (endpoint: URL, authorize: Authorize, attempts = 6) => {
  const call = callTo(endpoint, authorize, attempts);
  const url = `${baseOf(endpoint)}/orders`;
  return (orders: ReadonlyArray<unknown>): TE.TaskEither<ClientError, ReadonlyArray<Outcome>> =>
    pipe(
      call("POST", "/orders", { orders }),
      TE.mapLeft((cause): ClientError => ({ _tag: "Unreachable", url, cause })),
      TE.flatMapEither(outcomes(url)),
    );
};
