import { identity, pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { KINDS } from "../http/kinds";
import { problem, type Problem } from "../http/problem";
import { signedInHeader } from "../http/signed-in-header";
import { type Invocation, invocationOf, type LambdaContext, runLogged } from "./invocation";

/** Repeating the request is safe, as it always is; it will hardly help before somebody has mended the function. */
const broken: Problem = {
  ...KINDS.broken,
  detail: "It is logged under the request's id. Sending the same request again is safe.",
};

/** The name under which a request is followed through the logs. */
const gatewaysId = ({ requestContext }: APIGatewayProxyEventV2): string => requestContext.requestId;

/**
 * A function behind the HTTP API. It never throws: every error is a problem document.
 *
 * @param answer what becomes of a request
 */
export const apiFunction =
  (
    answer: (
      request: APIGatewayProxyEventV2,
    ) => RTE.ReaderTaskEither<Invocation, Problem, APIGatewayProxyStructuredResultV2>,
    requestId = gatewaysId,
  ) =>
  (event: APIGatewayProxyEventV2, context: LambdaContext): Promise<APIGatewayProxyStructuredResultV2> => {
    const invocation = invocationOf(context, { request_id: requestId(event) });
    return runLogged(
      invocation.log,
      pipe(
        RTE.fromEither(signedInHeader(event)),
        RTE.flatMap(answer),
        RTE.match(problem, identity),
      )(invocation),
    ).catch(() => problem(broken));
  };
