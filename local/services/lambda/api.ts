import type { AwsService } from "../../engine/service";
import { jsonSignature } from "../../engine/wire/protocol";
import { readLambda } from "./actions";

export const lambda: AwsService = {
  name: "lambda",
  claims: ({ target }) => target.startsWith("/2015-03-31/functions"),
  read: readLambda,
  wire: {
    protocol: "rest-json",
    throttled: [429, "TooManyRequestsException"],
    unavailable: [500, "ServiceException"],
    denied: [403, "AccessDeniedException"],
    unknownOperation: [400, "UnknownOperationException"],
    signature: jsonSignature(403),
  },
};
