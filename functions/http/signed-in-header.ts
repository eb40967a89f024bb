import * as E from "fp-ts/Either";
import type { APIGatewayProxyEventV2 as Request } from "aws-lambda";
import { badRequest, type Problem } from "./problem";

const PRESIGNED = /(^|&)X-Amz-(Algorithm|Credential|Signature)=/i;

/** The request, unless it is a presigned URL: whoever is passed one could use it in its maker's name. */
export const signedInHeader = (request: Request): E.Either<Problem, Request> =>
  PRESIGNED.test(request.rawQueryString)
    ? E.left(badRequest("This API takes no presigned URLs: sign the request in its Authorization header."))
    : E.right(request);
