import { FailureQueue } from "../../modules/queue";
import { Schedule } from "../../modules/schedule";
import { declaredBy } from "../support/synth";
import { accountId, granted, makeFunction, makeStateMachine, only, statements } from "./support";

describe("Schedule", () => {
  const declared = declaredBy((stack, bundle) => {
    const machine = makeStateMachine(stack, makeFunction(stack, bundle));
    const failures = new FailureQueue(stack, "failures", {
      name: "test-failures",
      preventDestroy: false,
      topicArns: [],
    });
    new Schedule(stack, "hourly", {
      name: "test-hourly",
      accountId,
      expression: "rate(1 hour)",
      timeZone: "Europe/Berlin",
      enabled: false,
      target: machine,
      failures,
    });
  });

  it("starts on time under a role that may start this and nothing else", () => {
    expect(only(declared, "aws_scheduler_schedule")).toMatchObject({
      schedule_expression: "rate(1 hour)",
      schedule_expression_timezone: "Europe/Berlin",
      state: "DISABLED",
      target: { dead_letter_config: { arn: expect.stringContaining("aws_sqs_queue.failures") } },
    });
    expect(granted(declared)["states:StartExecution"]).toContain("aws_sfn_state_machine.flow");
    const trusted = Object.values(declared.all("aws_iam_role")).flatMap(({ assume_role_policy: policy }) =>
      statements(policy),
    );
    expect(trusted).toContainEqual({
      Effect: "Allow",
      Principal: { Service: "scheduler.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    });
  });
});
