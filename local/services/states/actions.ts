import {
  access,
  field,
  jsonBody,
  lookup,
  operationOf,
  type Read,
  type ServiceRequest,
  targetOperation,
  unknown,
  unreadable,
} from "../../engine/wire/access";

export const TARGET = "AWSStepFunctions";

/** The field that holds the state machine's or the execution's ARN. */
const ON_MACHINE: Readonly<Record<string, string>> = {
  DescribeExecution: "executionArn",
  DescribeStateMachine: "stateMachineArn",
  DescribeStateMachineForExecution: "executionArn",
  GetExecutionHistory: "executionArn",
  ListExecutions: "stateMachineArn",
  StartExecution: "stateMachineArn",
  StartSyncExecution: "stateMachineArn",
  StopExecution: "executionArn",
};

export const readStates = (request: ServiceRequest): Read => {
  const operation = targetOperation(request, TARGET);
  if (operation === "ListStateMachines")
    return operationOf(operation, [access("states:ListStateMachines", "*")]);
  const named = lookup(ON_MACHINE, operation);
  if (named === undefined) return unknown(operation);
  const resource = field(jsonBody(request.body) ?? {}, named);
  if (resource === undefined) return unreadable(operation, `no ${named}`);
  return operationOf(operation, [access(`states:${operation}`, resource)]);
};
