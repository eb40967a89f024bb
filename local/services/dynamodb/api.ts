import type { AwsService } from "../../engine/service";
import { jsonWire } from "../../engine/wire/protocol";
import { readDynamo, TARGET } from "./actions";

export const dynamodb: AwsService = {
  name: "dynamodb",
  target: TARGET,
  read: readDynamo,
  wire: jsonWire(400, {
    protocol: "json-1.0",
    namespace: "com.amazonaws.dynamodb.v20120810",
    throttled: [400, "ProvisionedThroughputExceededException"],
    unavailable: [500, "InternalServerError"],
  }),
};
