import type { AwsService } from "../../engine/service";
import { XML_SIGNATURE } from "../../engine/wire/protocol";
import { field, formBody, isForm, NAMELESS, operationOf, unknown } from "../../engine/wire/access";

export const sts: AwsService = {
  name: "sts",
  claims: (request) =>
    request.method === "POST" &&
    isForm(request) &&
    field(formBody(request), "Action") === "GetCallerIdentity",
  // In AWS, too, no policy is needed to ask who one is.
  read: (request) => {
    const operation = field(formBody(request), "Action") ?? NAMELESS;
    return operation === "GetCallerIdentity" ? operationOf(operation, []) : unknown(operation);
  },
  wire: {
    protocol: "query",
    throttled: [429, "TooManyRequestsException"],
    unavailable: [503, "ServiceUnavailable"],
    denied: [403, "AccessDenied"],
    unknownOperation: [400, "InvalidAction"],
    signature: XML_SIGNATURE,
  },
};
