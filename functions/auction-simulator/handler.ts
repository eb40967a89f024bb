import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import * as t from "io-ts";
import { environmentOf, Share, WholeNumber } from "../adapters/environment";
import { abortAt, deadlineOf, systemClock } from "../adapters/lambda";
import { logger } from "../adapters/logger";
import { described } from "../../lib/exactly";
import { Order } from "../domain/order";
import { faults } from "../../lib/faults";
import { badRequest, json, problem, type Problem, unavailable } from "../http/problem";
import { jsonBody } from "../http/request";
import type { Logger } from "../ports/capabilities";
import { describe, type PortError } from "../ports/errors";
import { enter, results } from "./auction-simulator";
import { isCursor } from "./feed";
import { dynamoLedger } from "./ledger";

const config = environmentOf(
  t.strict({
    LEDGER_TABLE: t.string,
    SEED: t.string,
    ACCEPTANCE: Share,
    REFUSAL: Share,
    RESULT_DELAY_MIN_SECONDS: WholeNumber,
    RESULT_DELAY_MAX_SECONDS: WholeNumber,
  }),
);

const auction = {
  seed: config.SEED,
  acceptance: config.ACCEPTANCE,
  refusal: config.REFUSAL,
  delaySeconds: { min: config.RESULT_DELAY_MIN_SECONDS, max: config.RESULT_DELAY_MAX_SECONDS },
};

const Submission = t.type({ "idempotency-key": described(t.string, "the order's own key") });
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

type Answer = TE.TaskEither<PortError | Problem, APIGatewayProxyStructuredResultV2>;
type Needs = Parameters<ReturnType<typeof enter>>[0];

const submit = (event: APIGatewayProxyEventV2, needs: Needs, log: Logger): Answer =>
  pipe(
    E.Do,
    E.bind("order", () =>
      pipe(
        jsonBody(event),
        E.flatMap((body) => decode(Order, body)),
      ),
    ),
    E.bind("headers", () => decode(Submission, event.headers)),
    TE.fromEither,
    TE.flatMap(({ order, headers }) => enter(order, headers["idempotency-key"])(needs)),
    TE.tapIO(({ order_id }) => log.info("order entered", { order_id })),
    TE.map((order) => json(200, order)),
  );

const read = (event: APIGatewayProxyEventV2, needs: Needs): Answer =>
  pipe(
    TE.fromEither(decode(Query, event.queryStringParameters ?? {})),
    TE.flatMap(({ cursor, limit = 100 }) =>
      results({ limit, ...(cursor === undefined ? {} : { cursor }) })(needs),
    ),
    TE.map((page) => json(200, page)),
  );

/** The auction platform's contract, `POST /orders` and `GET /results`, where there is no real one. */
export const handler = (
  event: APIGatewayProxyEventV2,
  context: Context,
): Promise<APIGatewayProxyStructuredResultV2> => {
  const log = logger({
    invocation_id: context.awsRequestId,
    request_id: event.headers["x-request-id"] ?? event.requestContext.requestId,
  });
  const needs: Needs = {
    ledger: dynamoLedger(config.LEDGER_TABLE, abortAt(deadlineOf(context))),
    auction,
    clock: systemClock,
    log,
  };
  return pipe(
    event.routeKey === "POST /orders" ? submit(event, needs, log) : read(event, needs),
    TE.match(
      (error) => {
        if (!("_tag" in error)) return problem(error);
        log.error("auction not available", { cause: describe(error) })();
        return problem(unavailable);
      },
      (answer) => answer,
    ),
  )();
};
