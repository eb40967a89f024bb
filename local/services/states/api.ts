import type { AwsService } from "../../engine/service";
import { inJson, on, readOperations } from "../../engine/wire/operations";
import { jsonWire } from "../../engine/wire/protocol";

const TARGET = "AWSStepFunctions";

export const states: AwsService = {
  name: "states",
  target: TARGET,
  read: readOperations("states", inJson(TARGET), {
    DescribeExecution: on("executionArn"),
    DescribeStateMachine: on("stateMachineArn"),
    DescribeStateMachineForExecution: on("executionArn"),
    GetExecutionHistory: on("executionArn"),
    ListExecutions: on("stateMachineArn"),
    ListStateMachines: "*",
    StartExecution: on("stateMachineArn"),
    StartSyncExecution: on("stateMachineArn"),
    StopExecution: on("executionArn"),
  }),
  wire: jsonWire(400, {
    protocol: "json-1.0",
    throttled: [400, "ThrottlingException"],
    unavailable: [503, "ServiceUnavailable"],
  }),
};
