import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import {
  grant,
  lambda,
  newFolder,
  permission,
  type Resources,
  role,
} from "../../../platform/support/fixture";
import { recordings, runStack, type RunningStack } from "../../../platform/support/running-stack";
import { until } from "../../../platform/support/until";

const recorded = recordings();
const ARN = "arn:aws:states:eu-central-1:000000000000:stateMachine:machine";

const task = (name: string, more: object = {}) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Parameters: { FunctionName: `\${aws_lambda_function.${name}.arn}`, "Payload.$": "$" },
  OutputPath: "$.Payload",
  ...more,
});

const definition = JSON.stringify({
  StartAt: "Route",
  States: {
    Route: {
      Type: "Choice",
      Choices: [
        { Variable: "$.wait", IsPresent: true, Next: "Sleep" },
        { Variable: "$.break", IsPresent: true, Next: "Break" },
      ],
      Default: "Flaky",
    },
    Sleep: { Type: "Wait", SecondsPath: "$.wait", End: true },
    Flaky: task("flaky", {
      Retry: [{ ErrorEquals: ["TransientError"], IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 1 }],
      End: true,
    }),
    Break: task("broken", {
      Parameters: {
        FunctionName: "${aws_lambda_function.broken.arn}",
        Payload: { "execution.$": "$$.Execution.Name" },
      },
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "Tell" }],
      End: true,
    }),
    Tell: {
      Type: "Task",
      Resource: "arn:aws:states:::sns:publish",
      Parameters: {
        TopicArn: "${aws_sns_topic.news.arn}",
        "Message.$": "$",
        MessageAttributes: { kind: { DataType: "String", StringValue: "failed" } },
      },
      Next: "Failed",
    },
    Failed: { Type: "Fail", Error: "Gave.Up", Cause: "told everybody" },
  },
});

const resources: ReadonlyArray<Resources> = [
  lambda("listener", `${recorded.source} exports.handler = async (event) => record("listener", event);`),
  lambda(
    "flaky",
    `let calls = 0; exports.handler = async ({ value }) => {
      calls += 1;
      if (calls < 3) throw Object.assign(new Error("later"), { name: "TransientError" });
      return { value, calls };
    };`,
  ),
  lambda(
    "broken",
    `${recorded.source} exports.handler = async (event) => { record("broken", event); throw new TypeError("broken"); };`,
  ),
  role("states", "states.amazonaws.com"),
  role("scheduler", "scheduler.amazonaws.com"),
  grant("states", "lambda:InvokeFunction", "arn:aws:lambda:eu-central-1:000000000000:function:*"),
  grant("states", "sns:Publish", "${aws_sns_topic.news.arn}"),
  grant("scheduler", "states:StartExecution", "${aws_sfn_state_machine.machine.arn}"),
  permission("listener", "sns.amazonaws.com"),
  {
    aws_sns_topic: { news: { name: "news" } },
    aws_sns_topic_subscription: {
      listener: {
        topic_arn: "${aws_sns_topic.news.arn}",
        protocol: "lambda",
        endpoint: "${aws_lambda_function.listener.arn}",
      },
    },
    aws_sfn_state_machine: {
      machine: { name: "machine", role_arn: "${aws_iam_role.states.arn}", definition },
    },
    aws_scheduler_schedule: {
      machine: {
        name: "machine",
        schedule_expression: "cron(0 0 1 1 ? 2099)",
        target: {
          arn: "${aws_sfn_state_machine.machine.arn}",
          role_arn: "${aws_iam_role.scheduler.arn}",
          input: '{"value":"scheduled"}',
        },
      },
    },
  },
];

let data: string;
let stack: RunningStack;

beforeAll(async () => {
  data = newFolder();
  stack = await runStack(resources, { data, schedule: "off" });
});
afterAll(async () => {
  await stack.stop();
});

describe("a state machine", () => {
  const sfn = (): SFNClient => new SFNClient(stack.client);
  const start = async (name: string, input: object): Promise<string> => {
    const started = await sfn().send(
      new StartExecutionCommand({ stateMachineArn: ARN, name, input: JSON.stringify(input) }),
    );
    return started.executionArn ?? "";
  };
  const ended = (executionArn: string) =>
    until(
      () => sfn().send(new DescribeExecutionCommand({ executionArn })),
      ({ status }) => status !== "RUNNING",
    );

  it("retries by the names of errors", async () => {
    const { status, output } = await ended(await start("retried", { value: 7 }));
    expect([status, JSON.parse(output ?? "null")]).toEqual(["SUCCEEDED", { value: 7, calls: 3 }]);
    expect(stack.lines.join("\n")).toMatch(/step {6}machine retried: Flaky is tried again \(1\)/);
  });

  it("catches what fails, and fails with the declared error", async () => {
    const before = recorded.read("listener").length;
    const { status, error, cause } = await ended(await start("caught", { break: true }));
    expect({ status, error, cause }).toEqual({ status: "FAILED", error: "Gave.Up", cause: "told everybody" });
    expect(recorded.read("broken")).toEqual([{ execution: "caught" }]);
    const events = await until(
      () => recorded.read("listener"),
      (all) => all.length > before,
    );
    const told: unknown = JSON.parse(
      /"Message":("(?:[^"\\]|\\.)*")/.exec(JSON.stringify(events.at(-1)))?.[1] ?? '""',
    );
    expect(JSON.parse(String(told))).toMatchObject({
      Error: "TypeError",
      Cause: expect.stringContaining('"errorMessage":"broken"'),
    });
  });

  it("is started once under a name, stopped, and listed", async () => {
    const arn = await start("stopped", { wait: 60 });
    expect(await start("stopped", { wait: 60 })).toBe(arn);
    await expect(start("stopped", { wait: 61 })).rejects.toMatchObject({ name: "ExecutionAlreadyExists" });
    await sfn().send(new StopExecutionCommand({ executionArn: arn, error: "Enough" }));
    expect(await ended(arn)).toMatchObject({ status: "ABORTED", error: "Enough" });
    const { executions } = await sfn().send(
      new ListExecutionsCommand({ stateMachineArn: ARN, statusFilter: "ABORTED" }),
    );
    expect(executions?.map(({ name }) => name)).toEqual(["stopped"]);
  });

  it("goes on after a restart, and so do schedules, here with another expression", async () => {
    const arn = await start("restarted", { wait: 1 });
    await stack.stop();
    stack = await runStack(resources, { data, schedule: "rate(1 second)" });
    expect(await ended(arn)).toMatchObject({ status: "SUCCEEDED", name: "restarted" });
    const { executions } = await until(
      () => sfn().send(new ListExecutionsCommand({ stateMachineArn: ARN })),
      (list) => (list.executions?.length ?? 0) >= 5,
    );
    expect(executions?.map(({ name }) => name)).toContain("retried");
  });
});
