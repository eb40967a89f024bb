import { identity, pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { KINDS } from "../http/kinds";
import { problem, type Problem, unavailable } from "../http/problem";
import { signedInHeader } from "../http/signed-in-header";
import { type Invocation, invocationOf, type LambdaContext, runLogged } from "./invocation";

/** Repeating the request is safe, as it always is; it will hardly help before somebody has mended the function. */
const broken: Problem = {
  ...KINDS.broken,
  detail: "It is logged under the request's id. Sending the same request again is safe.",
};

/** The name under which a request is followed through the logs. */
const gatewaysId = ({ requestContext }: APIGatewayProxyEventV2): string => requestContext.requestId;

/** Before Lambda ends the function, which API Gateway answers with its own 500: half of what is kept for answering. */
const LAST_MS = 200;

type Response = APIGatewayProxyStructuredResultV2;

/** What a request is answered when its pipeline is not: something it asked for ends neither by itself nor when told to. */
const inTime = async (
  { log }: Invocation,
  context: LambdaContext,
  answering: Promise<Response>,
): Promise<Response> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Response>((resolve) => {
    timer = setTimeout(
      () => {
        log.error("request not answered in time")();
        resolve(problem(unavailable));
      },
      Math.max(context.getRemainingTimeInMillis() - LAST_MS, 0),
    );
  });
  return Promise.race([answering, late]).finally(() => clearTimeout(timer));
};

/**
 * A function behind the HTTP API. It never throws, and never ends late: every error is a problem document.
 *
 * @param answer what becomes of a request
 */
export const apiFunction =
  (
    answer: (request: APIGatewayProxyEventV2) => RTE.ReaderTaskEither<Invocation, Problem, Response>,
    requestId = gatewaysId,
  ) =>
  (event: APIGatewayProxyEventV2, context: LambdaContext): Promise<Response> => {
    const invocation = invocationOf(context, { request_id: requestId(event) });
    const answering = runLogged(
      invocation.log,
      pipe(
        RTE.fromEither(signedInHeader(event)),
        RTE.flatMap(answer),
        RTE.match(problem, identity),
      )(invocation),
    ).catch(() => problem(broken));
    return inTime(invocation, context, answering);
  };
