import { type InvocationType, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { grant, lambda } from "../../../platform/support/fixture";
import { recordings, runStack, type RunningStack } from "../../../platform/support/running-stack";
import { until } from "../../../platform/support/until";

const MIB = 1024 * 1024;
const recorded = recordings();

/** Takes half a second for a message of its queue and for a call that asks for it, one after the other. */
const ONE_AT_A_TIME = `${recorded.source} exports.handler = async (event) => {
  record("one-at-a-time", event);
  await new Promise((resolve) => setTimeout(resolve, 500));
};`;

const DEAF = `exports.handler = async () => { throw new Error("deaf"); };`;

let stack: RunningStack;
let functions: LambdaClient;
let queues: SQSClient;
beforeAll(async () => {
  stack = await runStack([
    lambda("size", `exports.handler = async (event) => JSON.stringify(event).length;`),
    lambda("text", `exports.handler = async (size) => "x".repeat(size - 2);`, { memory_size: 512 }),
    lambda("noted", `${recorded.source} exports.handler = async (event) => record("noted", event.length);`),
    lambda("deaf", DEAF),
    lambda("mute", DEAF, { dead_letter_config: { target_arn: "${aws_sns_topic.lost.arn}" } }),
    grant("deaf", "sqs:SendMessage", "${aws_sqs_queue.failures.arn}"),
    grant("mute", "sns:Publish", "${aws_sns_topic.lost.arn}"),
    lambda("one-at-a-time", ONE_AT_A_TIME, { reserved_concurrent_executions: 1 }),
    grant(
      "one-at-a-time",
      ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      "${aws_sqs_queue.work.arn}",
    ),
    {
      aws_sqs_queue: {
        work: { name: "work", visibility_timeout_seconds: 3 },
        failures: { name: "failures" },
      },
      aws_sns_topic: { lost: { name: "lost" } },
      aws_lambda_function_event_invoke_config: {
        deaf: {
          function_name: "${aws_lambda_function.deaf.function_name}",
          maximum_retry_attempts: 0,
          destination_config: { on_failure: { destination: "${aws_sqs_queue.failures.arn}" } },
        },
        mute: { function_name: "${aws_lambda_function.mute.function_name}", maximum_retry_attempts: 0 },
      },
      aws_lambda_event_source_mapping: {
        work: {
          event_source_arn: "${aws_sqs_queue.work.arn}",
          function_name: "${aws_lambda_function.one-at-a-time.arn}",
        },
      },
    },
  ]);
  functions = new LambdaClient(stack.client);
  queues = new SQSClient(stack.client);
});
afterAll(async () => {
  await stack.stop();
});

/** A JSON text of so many bytes. */
const json = (bytes: number): string => `"${"x".repeat(bytes - 2)}"`;

const invoke = (name: string, payload: string, type: InvocationType = "RequestResponse") =>
  functions.send(
    new InvokeCommand({ FunctionName: name, Payload: Buffer.from(payload), InvocationType: type }),
  );

const tooLarge = (message: string) => ({
  name: "RequestEntityTooLargeException",
  message,
  $metadata: { httpStatusCode: 413 },
});

it("a request is at most 6 MiB", async () => {
  const { Payload } = await invoke("size", json(6 * MIB));
  expect(Number(Buffer.from(Payload ?? []).toString())).toBe(6 * MIB);
  await expect(invoke("size", json(6 * MIB + 1))).rejects.toMatchObject(
    tooLarge("Request must be smaller than 6291456 bytes for the InvokeFunction operation"),
  );
});

it("an answer is at most 6 MiB, and 100 bytes", async () => {
  expect((await invoke("text", String(6 * MIB + 100))).Payload).toHaveLength(6 * MIB + 100);
  const { StatusCode, FunctionError, Payload } = await invoke("text", String(6 * MIB + 101));
  expect([StatusCode, FunctionError]).toEqual([200, "Unhandled"]);
  expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toMatchObject({
    errorType: "Function.ResponseSizeTooLarge",
    errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
  });
});

it("an event is at most 1 MiB", async () => {
  expect((await invoke("noted", json(MIB), "Event")).StatusCode).toBe(202);
  await expect(invoke("noted", json(MIB + 1), "Event")).rejects.toMatchObject(
    tooLarge("1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)"),
  );
  await until(
    () => recorded.read("noted"),
    (seen) => seen.length > 0,
  );
  expect(recorded.read("noted")).toEqual([MIB - 2]);
});

it("the record of an event that failed is sent without its payloads where it is too large for its queue", async () => {
  await invoke("deaf", json(MIB), "Event");
  const QueueUrl = `${stack.awsUrl}/000000000000/failures`;
  const { Messages = [] } = await queues.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }));
  const record: unknown = JSON.parse(Messages[0]?.Body ?? "null");
  expect(record).toMatchObject({ requestContext: { condition: "RetriesExhausted" } });
  expect(record).not.toHaveProperty("requestPayload");
  expect(record).not.toHaveProperty("responsePayload");
});

it("an event that failed and is too large for its dead-letter topic is not tried again, and told", async () => {
  await invoke("mute", json(256 * 1024 + 1), "Event");
  await until(
    () => stack.lines.join("\n"),
    (lines) => lines.includes("mute: failed 1 times and is lost: it is too large for lost"),
  );
});

it("what is more at once than is reserved is throttled, and a message that was comes again", async () => {
  const busy = invoke("one-at-a-time", '"busy"');
  await until(
    () => recorded.read("one-at-a-time"),
    (seen) => seen.length === 1,
  );
  await expect(invoke("one-at-a-time", '"refused"')).rejects.toMatchObject({
    name: "TooManyRequestsException",
    message: "Rate Exceeded.",
    $metadata: { httpStatusCode: 429 },
  });
  const QueueUrl = `${stack.awsUrl}/000000000000/work`;
  await queues.send(new SendMessageCommand({ QueueUrl, MessageBody: "again" }));
  await busy;
  const seen = await until(
    () => JSON.stringify(recorded.read("one-at-a-time")),
    (all) => all.includes("again"),
  );
  expect(seen).not.toContain("refused");
});
