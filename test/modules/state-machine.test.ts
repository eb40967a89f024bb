import { declaredBy } from "../support/synth";
import { granted, makeFunction, makeStateMachine, only } from "./support";

describe("StateMachine", () => {
  const declared = declaredBy((stack, bundle) => void makeStateMachine(stack, makeFunction(stack, bundle)));

  it("logs without data, traces, and may call what it says it calls", () => {
    expect(only(declared, "aws_sfn_state_machine")).toMatchObject({
      type: "STANDARD",
      logging_configuration: { level: "ALL", include_execution_data: false },
      tracing_configuration: { enabled: true },
    });
    expect(granted(declared)["lambda:InvokeFunction"]).toContain("aws_lambda_function.worker");
  });
});
