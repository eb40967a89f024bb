import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { stepsOf } from "../../../console/reads/steps";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

const event = (second: number, rest: Omit<HistoryEvent, "id" | "timestamp">): HistoryEvent => ({
  id: second,
  timestamp: at(second),
  ...rest,
});

const entered = (second: number, name: string, type = "TaskStateEntered" as const): HistoryEvent =>
  event(second, { type, stateEnteredEventDetails: { name, input: `{"of":"${name}"}` } });

const exited = (second: number, name: string): HistoryEvent =>
  event(second, { type: "TaskStateExited", stateExitedEventDetails: { name, output: "{}" } });

const failed = (second: number): HistoryEvent =>
  event(second, {
    type: "TaskFailed",
    taskFailedEventDetails: { resource: "r", resourceType: "t", error: "Boom", cause: "why" },
  });

it("pairs the entry of a state with its exit", () => {
  expect(stepsOf([entered(1, "Fetch"), exited(2, "Fetch"), entered(3, "Archive")])).toEqual([
    {
      state: "Fetch",
      type: "Task",
      entered_at: at(1).toISOString(),
      exited_at: at(2).toISOString(),
      input: '{"of":"Fetch"}',
      output: "{}",
    },
    { state: "Archive", type: "Task", entered_at: at(3).toISOString(), input: '{"of":"Archive"}' },
  ]);
});

it("tells a state that is entered again from its time before", () => {
  const steps = stepsOf([entered(1, "Fetch"), exited(2, "Fetch"), entered(3, "Fetch"), exited(4, "Fetch")]);
  expect(steps.map(({ exited_at }) => exited_at)).toEqual([at(2).toISOString(), at(4).toISOString()]);
});

it("says why an attempt failed, at the state that it was made in", () => {
  const steps = stepsOf([entered(1, "Fetch"), failed(2), exited(3, "Fetch"), entered(4, "Failed")]);
  expect(steps.map(({ state, error }) => [state, error])).toEqual([
    ["Fetch", "Boom: why"],
    ["Failed", undefined],
  ]);
});
