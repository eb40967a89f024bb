import type { StateMachine } from "aws-local-stepfunctions";
import type { JsonObject } from "../../json";
import type { Execution } from "./executions";
import { refuseLong } from "./limits";

type Event = ReturnType<StateMachine["run"]>["eventLogs"] extends AsyncGenerator<infer E> ? E : never;

/** An event as Step Functions lists it, without its number; times in seconds. */
type Listed = JsonObject & { readonly timestamp: number; readonly type: string };

/** How many executions have their states remembered, until the platform stops. */
const REMEMBERED = 200;

/** What stands between a state's entry and its exit, for each time that it is tried. */
const TRIES: Readonly<
  Record<
    string,
    { readonly begun: ReadonlyArray<string>; readonly succeeded: string; readonly failed: string }
  >
> = {
  Task: { begun: ["TaskScheduled", "TaskStarted"], succeeded: "TaskSucceeded", failed: "TaskFailed" },
  Map: { begun: ["MapStateStarted"], succeeded: "MapStateSucceeded", failed: "MapStateFailed" },
  Parallel: {
    begun: ["ParallelStateStarted"],
    succeeded: "ParallelStateSucceeded",
    failed: "ParallelStateFailed",
  },
};

/** @param caught the states whose failure was caught, and that are left without having succeeded */
const listed = (event: Event, caught: Set<string>): ReadonlyArray<Listed> => {
  const timestamp = event.timestamp / 1_000;
  if (event.type.startsWith("MapIteration")) return [{ timestamp, type: event.type }];
  if (!("state" in event)) return [];
  const { name, type, input, output } = event.state;
  const tries = TRIES[type];
  const begun = (tries?.begun ?? []).map((one) => ({ timestamp, type: one }));
  switch (event.type) {
    case "StateEntered": {
      const stateEnteredEventDetails = { name, input: JSON.stringify(input) };
      return [{ timestamp, type: `${type}StateEntered`, stateEnteredEventDetails }, ...begun];
    }
    case "StateExited": {
      const stateExitedEventDetails = { name, output: JSON.stringify(output ?? null) };
      const succeeded =
        caught.delete(name) || tries === undefined ? [] : [{ timestamp, type: tries.succeeded }];
      return [...succeeded, { timestamp, type: `${type}StateExited`, stateExitedEventDetails }];
    }
    case "StateRetried":
      return begun;
    case "StateCaught":
      caught.add(name);
      return [];
    case "StateFailed": {
      if (tries === undefined) return [];
      const cause = typeof event.Cause === "string" ? event.Cause : "";
      const taskFailedEventDetails = { resourceType: "local", resource: name, error: event.Error, cause };
      return [{ timestamp, type: tries.failed, ...(type === "Task" ? { taskFailedEventDetails } : {}) }];
    }
    default:
      return [];
  }
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
  const states = new Map<string, { readonly events: Listed[]; readonly caught: Set<string> }>();
  return {
    /** Throws a TerminalError when the history is full, and leaves out what it has no room for. */
    add: (execution: string, event: Event): void => {
      const known = states.get(execution) ?? { events: [], caught: new Set<string>() };
      states.set(execution, known);
      const [oldest] = states.keys();
      if (states.size > REMEMBERED && oldest !== undefined) states.delete(oldest);
      for (const one of listed(event, known.caught)) {
        // With the start, which is no state's, and this one.
        refuseLong(1 + known.events.length + 1);
        known.events.push(one);
      }
    },
    /** Numbered from 1, in their order. */
    of: (execution: Execution, roleArn: string): ReadonlyArray<JsonObject> =>
      [began(execution, roleArn), ...(states.get(execution.name)?.events ?? []), ...ended(execution)].map(
        (event, index) => ({ ...event, id: index + 1, previousEventId: index }),
      ),
  };
};
