import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { grant, lambda, role } from "../../../platform/support/fixture";
import { runStack, type RunningStack } from "../../../platform/support/running-stack";
import { until } from "../../../platform/support/until";

const LIMIT = 256 * 1024;
const catchAll = [{ ErrorEquals: ["States.ALL"], Next: "Caught" }];
const retryAll = [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 1, MaxAttempts: 1 }];

/** Asks the function for a text of `$.size` bytes, or gives it one, or spins `$.pages` times. */
const definition = JSON.stringify({
  StartAt: "Which",
  States: {
    Which: {
      Default: "Spin",
      Choices: ["Ask", "Double", "Give"].map((state) => ({
        Variable: `$.${state.toLowerCase()}`,
        IsPresent: true,
        Next: state,
      })),
      Type: "Choice",
    },
    Ask: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Parameters: { FunctionName: "${aws_lambda_function.text.arn}", "Payload.$": "$" },
      Retry: retryAll,
      Catch: catchAll,
      Next: "Done",
    },
    Double: {
      Type: "Task",
      Resource: "${aws_lambda_function.text.arn}",
      Parameters: { "one.$": "$", "two.$": "$", ask: 1 },
      Catch: catchAll,
      Next: "Done",
    },
    Give: { Type: "Pass", Parameters: { "one.$": "$", "two.$": "$" }, Next: "Done" },
    Spin: { Type: "Pass", Next: "Again" },
    Again: {
      Type: "Choice",
      Choices: [{ Variable: "$.done", IsPresent: true, Next: "Done" }],
      Default: "Spin",
    },
    Caught: { Type: "Succeed" },
    Done: { Type: "Succeed" },
  },
});

let stack: RunningStack;
let sfn: SFNClient;
beforeAll(async () => {
  stack = await runStack([
    lambda("text", `exports.handler = async ({ ask }) => "x".repeat(ask);`),
    role("states", "states.amazonaws.com"),
    grant("states", "lambda:InvokeFunction", "${aws_lambda_function.text.arn}"),
    {
      aws_sfn_state_machine: {
        machine: { name: "machine", role_arn: "${aws_iam_role.states.arn}", definition },
      },
    },
  ]);
  sfn = new SFNClient(stack.client);
});
afterAll(async () => {
  await stack.stop();
});

const start = (input: string) =>
  sfn.send(
    new StartExecutionCommand({
      stateMachineArn: "arn:aws:states:eu-central-1:000000000000:stateMachine:machine",
      input,
    }),
  );

const ended = async (input: object) => {
  const { executionArn } = await start(JSON.stringify(input));
  return until(
    () => sfn.send(new DescribeExecutionCommand({ executionArn })),
    ({ status }) => status !== "RUNNING",
  );
};

const typesOf = async (executionArn: string | undefined) => {
  const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
  return events.map(({ type }) => type);
};

const exceededBy = (name: string) => ({
  status: "FAILED",
  error: "States.DataLimitExceeded",
  cause: `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
});

/** So that the whole input is `bytes` long. */
const sized = (key: string, bytes: number): object => ({ [key]: "x".repeat(bytes - `{"${key}":""}`.length) });

describe("a payload of more than 256 KiB", () => {
  it("ends an execution as a task's result, whatever it catches and retries", async () => {
    expect(await ended({ ask: LIMIT - 200 })).toMatchObject({ status: "SUCCEEDED" });
    const { executionArn, ...failed } = await ended({ ask: LIMIT + 1 });
    expect(failed).toMatchObject(exceededBy("lambda"));
    expect((await typesOf(executionArn)).filter((type) => type === "TaskScheduled")).toHaveLength(1);
  });

  it("ends an execution as a task's input, before the task is called", async () => {
    expect(await ended(sized("double", LIMIT / 2 - 50))).toMatchObject({ status: "SUCCEEDED" });
    expect(await ended(sized("double", LIMIT / 2 + 1))).toMatchObject(
      exceededBy("arn:aws:lambda:eu-central-1:000000000000:function:text"),
    );
  });

  it("ends an execution as a state's output", async () => {
    expect(await ended(sized("give", LIMIT / 2 - 50))).toMatchObject({ status: "SUCCEEDED" });
    expect(await ended(sized("give", LIMIT / 2 + 1))).toMatchObject(exceededBy("Give"));
  });

  it("starts no execution", async () => {
    expect(await ended(sized("done", LIMIT))).toMatchObject({ status: "SUCCEEDED" });
    await expect(start(JSON.stringify(sized("done", LIMIT + 1)))).rejects.toMatchObject({
      name: "ValidationException",
      message:
        "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144",
      $metadata: { httpStatusCode: 400 },
    });
  });
});

it("an execution's history ends with its 25,000th event", async () => {
  const { executionArn, ...failed } = await ended({ loop: true });
  expect(failed).toMatchObject({
    status: "FAILED",
    error: "States.Runtime",
    cause: "The execution reached the maximum number of history events (25000).",
  });
  const last = new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 1 });
  expect((await sfn.send(last)).events).toMatchObject([{ id: 25_000, type: "ExecutionFailed" }]);
});

it("a history counts what a task goes through", async () => {
  const { executionArn } = await ended({ ask: 1 });
  expect(await typesOf(executionArn)).toEqual([
    "ExecutionStarted",
    "ChoiceStateEntered",
    "ChoiceStateExited",
    "TaskStateEntered",
    "TaskScheduled",
    "TaskStarted",
    "TaskSucceeded",
    "TaskStateExited",
    "SucceedStateEntered",
    "SucceedStateExited",
    "ExecutionSucceeded",
  ]);
});
