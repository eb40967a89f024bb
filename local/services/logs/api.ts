import { arn } from "../../engine/location";
import type { AwsService } from "../../engine/service";
import { access, field, jsonBody, operationOf, targetOperation, unknown } from "../../engine/wire/access";
import { jsonSignature } from "../../engine/wire/protocol";

const TARGET = "Logs_20140328";

const OPERATIONS = new Set(["DescribeLogGroups", "DescribeLogStreams", "FilterLogEvents", "GetLogEvents"]);

export const logs: AwsService = {
  name: "logs",
  target: TARGET,
  read: (request) => {
    const operation = targetOperation(request, TARGET);
    if (!OPERATIONS.has(operation)) return unknown(operation);
    const group = field(jsonBody(request.body) ?? {}, "logGroupName") ?? "*";
    return operationOf(operation, [
      access(`logs:${operation}`, arn("logs", request, `log-group:${group}:*`)),
    ]);
  },
  wire: {
    protocol: "json-1.1",
    throttled: [400, "ThrottlingException"],
    unavailable: [503, "ServiceUnavailableException"],
    denied: [400, "AccessDeniedException"],
    unknownOperation: [400, "UnknownOperationException"],
    signature: jsonSignature(400),
  },
};
