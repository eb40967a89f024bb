import type { AwsService } from "../../engine/service";
import { jsonSignature } from "../../engine/wire/protocol";
import { readSsm, TARGET } from "./actions";

export const ssm: AwsService = {
  name: "ssm",
  target: TARGET,
  read: readSsm,
  wire: {
    protocol: "json-1.1",
    throttled: [400, "ThrottlingException"],
    unavailable: [500, "InternalServerError"],
    denied: [400, "AccessDeniedException"],
    unknownOperation: [400, "UnknownOperationException"],
    signature: jsonSignature(400),
  },
};
