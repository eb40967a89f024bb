import type { HistoryEvent } from "@aws-sdk/client-sfn";
import type { Step } from "../shapes";

const timeOf = ({ timestamp }: HistoryEvent): string => (timestamp ?? new Date(0)).toISOString();

/** What a failed attempt says, whatever it was an attempt of. */
const failureIn = (event: HistoryEvent): string | undefined => {
  const { error = "", cause = "" } =
    event.taskFailedEventDetails ??
    event.taskTimedOutEventDetails ??
    event.lambdaFunctionFailedEventDetails ??
    event.lambdaFunctionTimedOutEventDetails ??
    event.taskSubmitFailedEventDetails ??
    {};
  return error === "" && cause === "" ? undefined : [error, cause].filter((part) => part !== "").join(": ");
};

/** The states a run went through, each from its entry to its exit. */
export const stepsOf = (events: ReadonlyArray<HistoryEvent>): ReadonlyArray<Step> => {
  const steps: Step[] = [];
  const change = (more: Partial<Step>, state?: string): void => {
    const index = steps.findLastIndex(
      (step) => step.exited_at === undefined && (state === undefined || step.state === state),
    );
    const step = steps[index];
    if (step !== undefined) steps[index] = { ...step, ...more };
  };
  for (const event of events) {
    const { stateEnteredEventDetails: entered, stateExitedEventDetails: exited, type = "" } = event;
    const failure = failureIn(event);
    if (entered !== undefined)
      steps.push({
        state: entered.name ?? "",
        type: type.replace(/StateEntered$/, ""),
        entered_at: timeOf(event),
        input: entered.input ?? "",
      });
    else if (exited !== undefined)
      change({ exited_at: timeOf(event), output: exited.output ?? "" }, exited.name);
    else if (failure !== undefined) change({ error: failure });
  }
  return steps;
};
