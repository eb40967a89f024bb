import * as E from "fp-ts/Either";
import type { AwsService } from "../../engine/service";
import { isForm } from "../../engine/wire/access";
import { inForm, readOperations } from "../../engine/wire/operations";
import { XML_SIGNATURE } from "../../engine/wire/protocol";

export const sts: AwsService = {
  name: "sts",
  claims: (request) =>
    request.method === "POST" && isForm(request) && inForm(request)[0] === "GetCallerIdentity",
  // In AWS, too, no policy is needed to ask who one is.
  read: readOperations("sts", inForm, { GetCallerIdentity: () => E.right([]) }),
  wire: {
    protocol: "query",
    throttled: [429, "TooManyRequestsException"],
    unavailable: [503, "ServiceUnavailable"],
    denied: [403, "AccessDenied"],
    unknownOperation: [400, "InvalidAction"],
    signature: XML_SIGNATURE,
  },
};
