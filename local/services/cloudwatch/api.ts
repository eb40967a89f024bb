import { arn } from "../../engine/location";
import type { AwsService } from "../../engine/service";
import { access, field, fieldsIn, operationOf, unknown } from "../../engine/wire/access";
import { jsonSignature } from "../../engine/wire/protocol";

const TARGET = "GraniteServiceVersion20100801";

const ON_ALARMS = new Set(["DescribeAlarms", "DescribeAlarmHistory", "SetAlarmState"]);
const ON_ANYTHING = new Set(["GetMetricStatistics", "ListMetrics"]);

export const cloudwatch: AwsService = {
  name: "monitoring",
  target: TARGET,
  read: (request) => {
    const [operation, fields] = fieldsIn(request, TARGET);
    const action = `cloudwatch:${operation}`;
    if (ON_ANYTHING.has(operation)) return operationOf(operation, [access(action, "*")]);
    if (!ON_ALARMS.has(operation)) return unknown(operation);
    const name = field(fields, "AlarmName") ?? "*";
    return operationOf(operation, [access(action, arn("cloudwatch", request, `alarm:${name}`))]);
  },
  wire: {
    protocol: (headers) => (headers["x-amz-target"] === undefined ? "query" : "json-1.0"),
    namespace: "com.amazonaws.cloudwatch",
    queryCode: (code) => code,
    throttled: [400, "Throttling"],
    unavailable: [503, "ServiceUnavailable"],
    denied: [403, "AccessDenied"],
    unknownOperation: [400, "UnknownOperationException"],
    signature: jsonSignature(403),
  },
};
