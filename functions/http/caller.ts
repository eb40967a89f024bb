import * as t from "io-ts";
import type { APIGatewayProxyEventV2 as Request } from "aws-lambda";
import { cut, oneLine } from "../../lib/text";

const Signer = t.type({ authorizer: t.type({ iam: t.type({ userArn: t.string }) }) });
const Bearer = t.type({ authorizer: t.type({ jwt: t.type({ claims: t.type({ sub: t.string }) }) }) });
const Authorized = t.type({ authorizer: t.UnknownRecord });

/** Longer than the ARN of any role's session, and than a subject may be (OpenID Connect). */
const LONGEST = 256;

const nameOf = (context: unknown): string => {
  if (Signer.is(context)) return context.authorizer.iam.userArn;
  if (Bearer.is(context)) return context.authorizer.jwt.claims.sub;
  // Only the local API may ask for neither; a token need not say whose it is.
  return Authorized.is(context) ? "unknown" : "local";
};

/** Who sent a request, as the API's access log names them: the ARN of its signer, or the subject of its token. */
export const callerOf = ({ requestContext }: Request): string =>
  cut(oneLine(nameOf(requestContext)), LONGEST);
