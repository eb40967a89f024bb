import type { AwsService } from "../../engine/service";
import { jsonSignature } from "../../engine/wire/protocol";
import { unknown } from "../../engine/wire/access";

export const executeApi: AwsService = {
  name: "execute-api",
  /** Each API has a listener of its own, which says what its requests ask for. */
  read: () => unknown("of an HTTP API at the AWS endpoint"),
  wire: {
    protocol: "http",
    throttled: [429, "TooManyRequestsException"],
    unavailable: [503, "ServiceUnavailable"],
    denied: [403, "ForbiddenException"],
    unknownOperation: [400, "UnknownOperationException"],
    signature: jsonSignature(403),
  },
};
