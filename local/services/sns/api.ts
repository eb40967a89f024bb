import type { AwsService } from "../../engine/service";
import { XML_SIGNATURE } from "../../engine/wire/protocol";
import { readSns } from "./actions";

export const sns: AwsService = {
  name: "sns",
  read: readSns,
  wire: {
    protocol: "query",
    throttled: [429, "Throttled"],
    unavailable: [503, "ServiceUnavailable"],
    denied: [403, "AuthorizationError"],
    unknownOperation: [400, "InvalidAction"],
    signature: XML_SIGNATURE,
  },
  keyUse: { "sns:Publish": ["GenerateDataKey", "Decrypt"] },
};
