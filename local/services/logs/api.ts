import * as E from "fp-ts/Either";
import { arn } from "../../engine/location";
import type { AwsService } from "../../engine/service";
import { field, type ServiceRequest } from "../../engine/wire/access";
import { inJson, on, readOperations } from "../../engine/wire/operations";
import { jsonWire } from "../../engine/wire/protocol";

const TARGET = "Logs_20140328";

const named = (request: ServiceRequest) => {
  const [operation, fields = {}] = inJson(TARGET)(request);
  return [operation, fields] as const;
};

const group = on((fields, location) =>
  E.right([arn("logs", location, `log-group:${field(fields, "logGroupName") ?? "*"}:*`)]),
);

export const logs: AwsService = {
  name: "logs",
  target: TARGET,
  read: readOperations("logs", named, {
    DescribeLogGroups: group,
    DescribeLogStreams: group,
    FilterLogEvents: group,
    GetLogEvents: group,
  }),
  wire: jsonWire(400, {
    protocol: "json-1.1",
    throttled: [400, "ThrottlingException"],
    unavailable: [503, "ServiceUnavailableException"],
  }),
};
