/** A client of the orders API of any environment. Every call of that API may be repeated, POST /orders too. */
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type * as t from "io-ts";
import createClient from "openapi-fetch";
import { PlacedOrders } from "../../functions/place-orders/answer";
import { fetchWith, type Sending, whyOf } from "../../lib/http";
import { jsonOrUndefined } from "../../lib/json";
import { GatewayMessage, ProblemDocument } from "../openapi/answers";
import type { components, operations, paths } from "./schema";

/** The API's own limit on one request. */
export const ORDERS_PER_REQUEST = 1_000;
export const REQUEST_BYTES = 1_048_576;

type Schemas = components["schemas"];
/** An order as the API takes it. */
export type OrderToSend = Schemas["Order"];
export type Outcome = Schemas["Outcome"];
export type ShownOrder = Schemas["ShownOrder"];
export type Fault = Schemas["Fault"];
type Problem = Pick<Schemas["Problem"], "title" | "detail" | "errors" | "orders">;

/** The API as it is described, but for the orders of a request: a file may say anything, and the API judges it. */
interface Api extends Omit<paths, "/orders"> {
  readonly "/orders": Omit<paths["/orders"], "post"> & {
    readonly post: Omit<operations["placeOrders"], "requestBody"> & {
      readonly requestBody: {
        readonly content: { readonly "application/json": { readonly orders: ReadonlyArray<unknown> } };
      };
    };
  };
}

export type Query = NonNullable<operations["listOrders"]["parameters"]["query"]>;

/** What came, whatever the status: a codec decides whether it is what was promised. */
export type Answer = { readonly status: number; readonly body: unknown };

type Received = { readonly data?: string; readonly error?: unknown; readonly response: Response };

/** As a text: one that is no JSON is an answer, too. */
const AS_SENT = { parseAs: "text" } as const;

const answered = (call: () => Promise<Received>): TE.TaskEither<string, Answer> =>
  pipe(
    TE.tryCatch(call, whyOf),
    TE.map(({ data = "", error, response }) => ({
      status: response.status,
      body: response.ok ? jsonOrUndefined(data) : error,
    })),
  );

/** An API's base URL as its paths are appended to it. */
export const baseOf = (endpoint: URL): string => endpoint.href.replace(/\/+$/, "");

/**
 * The calls of an orders API that commands make.
 *
 * @param endpoint the API's base URL, e.g. `http://127.0.0.1:3000`
 * @param sending more than one attempt repeats a call while the API is unreachable, busy or failing
 */
export const callsTo = (endpoint: URL, sending: Sending) => {
  const api = createClient<Api>({ baseUrl: baseOf(endpoint), fetch: fetchWith(sending) });
  return {
    health: answered(() => api.GET("/health", AS_SENT)),
    place: (orders: ReadonlyArray<unknown>) =>
      answered(() => api.POST("/orders", { body: { orders }, ...AS_SENT })),
    cancel: (order_id: number) =>
      answered(() => api.DELETE("/orders/{order_id}", { params: { path: { order_id } }, ...AS_SENT })),
    read: (order_id: number) =>
      answered(() => api.GET("/orders/{order_id}", { params: { path: { order_id } }, ...AS_SENT })),
    list: (query: Query) => answered(() => api.GET("/orders", { params: { query }, ...AS_SENT })),
  };
};

/** Why a request has no outcomes. Orders of a request that was not answered may or may not be stored. */
export type ClientError =
  | { readonly _tag: "Unreachable"; readonly url: string; readonly cause: string }
  | { readonly _tag: "Refused"; readonly status: number; readonly problem: Problem }
  | { readonly _tag: "NotTheOrdersApi"; readonly status: number; readonly url: string };

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
          decode(PlacedOrders),
          E.map(({ orders }) => orders),
        );
      case 409:
        return pipe(
          decode(ProblemDocument),
          E.flatMap(({ orders }) => (orders === undefined ? E.left(notTheApi) : E.right(orders))),
        );
      default:
        return pipe(
          decode<Problem>(ProblemDocument),
          // What API Gateway itself answers (401, 403, 429, 5xx) before a function sees the request.
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
export const postOrders = (endpoint: URL, sending: Sending) => {
  const { place } = callsTo(endpoint, sending);
  const url = `${baseOf(endpoint)}/orders`;
  return (orders: ReadonlyArray<unknown>): TE.TaskEither<ClientError, ReadonlyArray<Outcome>> =>
    pipe(
      place(orders),
      TE.mapLeft((cause): ClientError => ({ _tag: "Unreachable", url, cause })),
      TE.flatMapEither(outcomes(url)),
    );
};
