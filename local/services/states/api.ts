import type { AwsService } from "../../engine/service";
import { jsonSignature } from "../../engine/wire/protocol";
import { readStates, TARGET } from "./actions";

export const states: AwsService = {
  name: "states",
  target: TARGET,
  read: readStates,
  wire: {
    protocol: "json-1.0",
    throttled: [400, "ThrottlingException"],
    unavailable: [503, "ServiceUnavailable"],
    denied: [400, "AccessDeniedException"],
    unknownOperation: [400, "UnknownOperationException"],
    signature: jsonSignature(400),
  },
};
