import type { StateMachine } from "aws-local-stepfunctions";
import type { JsonObject } from "../../json";
import type { Execution } from "./executions";

type Event = ReturnType<StateMachine["run"]>["eventLogs"] extends AsyncGenerator<infer E> ? E : never;

/** An event as Step Functions lists it, without its number; times in seconds. */
type Listed = JsonObject & { readonly timestamp: number; readonly type: string };

/** How many executions have their states remembered, until the platform stops. */
const REMEMBERED = 200;

const listed = (event: Event): ReadonlyArray<Listed> => {
  if (!("state" in event)) return [];
  const timestamp = event.timestamp / 1_000;
  const { name, type, input, output } = event.state;
  if (event.type === "StateEntered") {
    const stateEnteredEventDetails = { name, input: JSON.stringify(input) };
    return [{ timestamp, type: `${type}StateEntered`, stateEnteredEventDetails }];
  }
  if (event.type === "StateExited") {
    const stateExitedEventDetails = { name, output: JSON.stringify(output ?? null) };
    return [{ timestamp, type: `${type}StateExited`, stateExitedEventDetails }];
  }
  if (event.type !== "StateFailed" || type !== "Task") return [];
  const cause = typeof event.Cause === "string" ? event.Cause : "";
  const taskFailedEventDetails = { resourceType: "local", resource: name, error: event.Error, cause };
  return [{ timestamp, type: "TaskFailed", taskFailedEventDetails }];
};

const began = ({ input, startedAt }: Execution, roleArn: string): Listed => ({
  timestamp: startedAt / 1_000,
  type: "ExecutionStarted",
  executionStartedEventDetails: { input, roleArn },
});

const ended = ({
  status,
  stoppedAt = 0,
  output = "",
  error = "",
  cause = "",
}: Execution): ReadonlyArray<Listed> => {
  const timestamp = stoppedAt / 1_000;
  switch (status) {
    case "RUNNING":
      return [];
    case "SUCCEEDED":
      return [{ timestamp, type: "ExecutionSucceeded", executionSucceededEventDetails: { output } }];
    case "FAILED":
      return [{ timestamp, type: "ExecutionFailed", executionFailedEventDetails: { error, cause } }];
    case "TIMED_OUT":
      return [{ timestamp, type: "ExecutionTimedOut", executionTimedOutEventDetails: { error, cause } }];
    case "ABORTED":
      return [{ timestamp, type: "ExecutionAborted", executionAbortedEventDetails: { error, cause } }];
  }
};

/** What executions went through. Of one that ended before this start, its beginning and its end alone are known. */
export const executionHistories = () => {
  const states = new Map<string, Listed[]>();
  return {
    add: (execution: string, event: Event): void => {
      const known = states.get(execution) ?? [];
      known.push(...listed(event));
      states.set(execution, known);
      const [oldest] = states.keys();
      if (states.size > REMEMBERED && oldest !== undefined) states.delete(oldest);
    },
    /** Numbered from 1, in their order. */
    of: (execution: Execution, roleArn: string): ReadonlyArray<JsonObject> =>
      [began(execution, roleArn), ...(states.get(execution.name) ?? []), ...ended(execution)].map(
        (event, index) => ({ ...event, id: index + 1, previousEventId: index }),
      ),
  };
};
