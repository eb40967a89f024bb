import type { AwsService } from "../../engine/service";
import { jsonSignature } from "../../engine/wire/protocol";
import { readSqs, TARGET } from "./actions";

/** In front of most codes that SQS's model names, in its older protocol. */
export const OLDER_CODES = "AWS.SimpleQueueService.";

export const sqs: AwsService = {
  name: "sqs",
  target: TARGET,
  read: readSqs,
  wire: {
    protocol: (headers) => (headers["x-amz-target"] === undefined ? "query" : "json-1.0"),
    namespace: "com.amazonaws.sqs",
    queryCode: (code) => (code === "BatchRequestTooLong" ? `${OLDER_CODES}${code}` : code),
    throttled: [403, "RequestThrottled"],
    unavailable: [503, "ServiceUnavailable"],
    denied: [403, "AccessDenied"],
    unknownOperation: [400, "InvalidAction"],
    signature: jsonSignature(400),
  },
  keyUse: { "sqs:SendMessage": ["GenerateDataKey", "Decrypt"], "sqs:ReceiveMessage": ["Decrypt"] },
};
