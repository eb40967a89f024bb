import type { AwsService } from "../../engine/service";
import { jsonSignature } from "../../engine/wire/protocol";
import { readSqs, TARGET } from "./actions";

export const sqs: AwsService = {
  name: "sqs",
  target: TARGET,
  read: readSqs,
  wire: {
    protocol: (headers) => (headers["x-amz-target"] === undefined ? "query" : "json-1.0"),
    namespace: "com.amazonaws.sqs",
    queryCode: true,
    throttled: [403, "RequestThrottled"],
    unavailable: [503, "ServiceUnavailable"],
    denied: [403, "AccessDenied"],
    unknownOperation: [400, "InvalidAction"],
    signature: jsonSignature(400),
  },
  keyUse: { "sqs:SendMessage": ["GenerateDataKey", "Decrypt"], "sqs:ReceiveMessage": ["Decrypt"] },
};
