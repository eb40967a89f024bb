import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { runStack, type RunningStack } from "../../../platform/support/running-stack";

const MIB = 1024 * 1024;

let stack: RunningStack;
let queues: SQSClient;
beforeAll(async () => {
  stack = await runStack([
    { aws_sqs_queue: { work: { name: "work" }, small: { name: "small", max_message_size: 1_024 } } },
  ]);
  queues = new SQSClient(stack.client);
});
afterAll(async () => {
  await stack.stop();
});

const url = (name: string): string => `${stack.awsUrl}/000000000000/${name}`;
const text = (bytes: number): string => "x".repeat(bytes);
const attribute = { n: { DataType: "String", StringValue: "v" } };
const ATTRIBUTE_BYTES = "n".length + "String".length + "v".length;

const send = (name: string, MessageBody: string, MessageAttributes = {}) =>
  queues.send(new SendMessageCommand({ QueueUrl: url(name), MessageBody, MessageAttributes }));

const sendBatch = (...bodies: ReadonlyArray<string>) =>
  queues.send(
    new SendMessageBatchCommand({
      QueueUrl: url("work"),
      Entries: bodies.map((MessageBody, index) => ({
        Id: String(index),
        MessageBody,
        MessageAttributes: attribute,
      })),
    }),
  );

it("a message is at most 1 MiB, its attributes included", async () => {
  const most = MIB - ATTRIBUTE_BYTES;
  expect((await send("work", text(most), attribute)).$metadata.httpStatusCode).toBe(200);
  await expect(send("work", text(most + 1), attribute)).rejects.toMatchObject({
    name: "InvalidParameterValue",
    message: "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
    $metadata: { httpStatusCode: 400 },
  });
});

it("a message is at most what its queue takes", async () => {
  await expect(send("small", text(1_025))).rejects.toMatchObject({
    message: "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.",
  });
});

it("a batch is at most 1 MiB", async () => {
  const most = MIB - 2 * ATTRIBUTE_BYTES;
  expect((await sendBatch(text(most - 5), text(5))).Successful).toHaveLength(2);
  await expect(sendBatch(text(most - 5), text(6))).rejects.toMatchObject({
    name: "BatchRequestTooLong",
    Code: "AWS.SimpleQueueService.BatchRequestTooLong",
    message: "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.",
    $metadata: { httpStatusCode: 400 },
  });
});
