import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RT from "fp-ts/ReaderTask";
import * as RTE from "fp-ts/ReaderTaskEither";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import * as t from "io-ts";
import { described } from "../../lib/exactly";
import { faults } from "../../lib/faults";
import { MOST_ORDERS_PER_CALL } from "../auction-config";
import { environmentOf } from "../adapters/environment";
import { WholeNumber } from "../contract";
import { Order } from "../domain/order";
import { apiFunction } from "../edge/api-function";
import type { Invocation } from "../edge/invocation";
import { logger } from "../edge/logger";
import { traverseAllSteps } from "../fp/bounded";
import { badRequest, json, noSuchPath, orUnavailable, type Problem } from "../http/problem";
import { decodeOrderId } from "../http/order-id";
import { jsonBody } from "../http/request";
import type { PortError } from "../ports/errors";
import { AUCTION_SIMULATOR } from "./contract";
import { enter, results, withdraw } from "./auction-simulator";
import { isCursor } from "./feed";
import { dynamoLedger } from "./ledger";

const config = environmentOf(AUCTION_SIMULATOR);

const auction = {
  seed: config.SEED,
  acceptance: config.ACCEPTANCE,
  refusal: config.REFUSAL,
  partial: config.PARTIAL,
  preliminary: config.PRELIMINARY,
  delaySeconds: { min: config.RESULT_DELAY_MIN_SECONDS, max: config.RESULT_DELAY_MAX_SECONDS },
};

const needs = (invocation: Invocation) => ({
  ...invocation,
  ledger: dynamoLedger(config.LEDGER_TABLE, invocation.signal),
  auction,
});

const Headers = t.type({ "idempotency-key": described(t.string, "the order's own key") });
const Query = t.partial({
  cursor: described(t.refinement(t.string, isCursor), "a cursor that this auction gave"),
  limit: described(
    t.refinement(WholeNumber, (limit) => limit >= 1 && limit <= 1_000),
    "a number from 1 to 1000",
  ),
});

const decode = <A>(codec: t.Decoder<unknown, A>, input: unknown): E.Either<Problem, A> =>
  pipe(
    codec.decode(input),
    E.mapLeft((errors) => badRequest("The request is not what the auction takes.", faults(errors))),
  );

const submit = (request: APIGatewayProxyEventV2) =>
  pipe(
    E.Do,
    E.bind("body", () => jsonBody(request)),
    E.bind("order", ({ body }) => decode(Order, body)),
    E.bind("headers", () => decode(Headers, request.headers)),
    RTE.fromEither,
    RTE.flatMap(({ order, headers }) => enter(order, headers["idempotency-key"])),
  );

/** What is wrong with one order of a batch is that order's outcome; without its key it could have none. */
const Keyed = t.intersection([
  t.type({ idempotency_key: described(t.string, "the order's own key") }),
  t.partial({ request_id: described(t.string, "the id of the order's request") }),
]);
const Batch = t.type({
  orders: t.intersection([
    described(
      t.refinement(t.UnknownArray, ({ length }) => length >= 1 && length <= MOST_ORDERS_PER_CALL),
      `a list of 1 to ${MOST_ORDERS_PER_CALL} orders`,
    ),
    t.readonlyArray(Keyed),
  ]),
});
type Keyed = t.TypeOf<typeof Keyed>;
type Needs = ReturnType<typeof needs>;

/** Followed through both logs by the id of its own request. */
const logged =
  ({ request_id }: Keyed) =>
  (given: Needs): Needs => ({
    ...given,
    ...(request_id === undefined ? {} : { log: logger({ request_id }) }),
  });

/** As the order would be answered alone. */
const outcome = (keyed: Keyed): RT.ReaderTask<Needs, object> => {
  const { idempotency_key } = keyed;
  return pipe(
    RTE.fromEither(decode(Order, keyed)),
    RTE.flatMap((order) => enter(order, idempotency_key)),
    orUnavailable("auction not available"),
    RTE.match(
      ({ retryAfterSeconds: retry_after, ...problem }) => ({ idempotency_key, ...problem, retry_after }),
      (): object => ({ idempotency_key, status: 200 }),
    ),
    RT.local(logged(keyed)),
  );
};

const submitBatch = (request: APIGatewayProxyEventV2) =>
  pipe(
    jsonBody(request),
    E.flatMap((body) => decode(Batch, body)),
    RTE.fromEither,
    RTE.flatMapReaderTask(({ orders }) => pipe(orders, traverseAllSteps(orders.length)(outcome))),
    RTE.map((outcomes) => ({ outcomes })),
  );

const read = ({ queryStringParameters }: APIGatewayProxyEventV2) =>
  pipe(
    RTE.fromEither(decode(Query, queryStringParameters ?? {})),
    RTE.flatMap(({ cursor, limit = 100 }) => results({ limit, ...(cursor === undefined ? {} : { cursor }) })),
  );

const takeBack = ({ pathParameters }: APIGatewayProxyEventV2) =>
  pipe(RTE.fromEither(decodeOrderId(pathParameters)), RTE.flatMap(withdraw));

const route = (
  request: APIGatewayProxyEventV2,
): RTE.ReaderTaskEither<Needs, PortError | Problem, unknown> => {
  switch (request.routeKey) {
    case "POST /orders":
      return submit(request);
    case "POST /orders:batch":
      return submitBatch(request);
    case "GET /results":
      return read(request);
    case "DELETE /orders/{order_id}":
      return takeBack(request);
    default:
      return RTE.left(noSuchPath);
  }
};

/** The submitter sends its own request's id, so that an order is followed through both logs by one. */
const submittersId = ({ headers, requestContext }: APIGatewayProxyEventV2): string =>
  headers["x-request-id"] ?? requestContext.requestId;

/** The auction platform's contract (docs/orders.md) where there is no real one. */
export const handler = apiFunction(
  (request) =>
    pipe(
      route(request),
      RTE.map((answer) => json(200, answer)),
      orUnavailable("auction not available"),
      RTE.local(needs),
    ),
  submittersId,
);
