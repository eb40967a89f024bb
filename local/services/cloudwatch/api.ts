import * as E from "fp-ts/Either";
import { arn } from "../../engine/location";
import type { AwsService } from "../../engine/service";
import { field } from "../../engine/wire/access";
import { inJsonOrForm, on, readOperations } from "../../engine/wire/operations";
import { jsonWire } from "../../engine/wire/protocol";

const TARGET = "GraniteServiceVersion20100801";

const alarm = on((fields, location) =>
  E.right([arn("cloudwatch", location, `alarm:${field(fields, "AlarmName") ?? "*"}`)]),
);

export const cloudwatch: AwsService = {
  name: "monitoring",
  target: TARGET,
  read: readOperations("cloudwatch", inJsonOrForm(TARGET), {
    DescribeAlarmHistory: alarm,
    DescribeAlarms: alarm,
    GetMetricStatistics: "*",
    ListMetrics: "*",
    SetAlarmState: alarm,
  }),
  wire: jsonWire(403, {
    protocol: (headers) => (headers["x-amz-target"] === undefined ? "query" : "json-1.0"),
    namespace: "com.amazonaws.cloudwatch",
    queryCode: (code) => code,
    throttled: [400, "Throttling"],
    unavailable: [503, "ServiceUnavailable"],
    denied: [403, "AccessDenied"],
  }),
};
