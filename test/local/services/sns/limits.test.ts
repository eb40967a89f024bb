import { PublishBatchCommand, PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { runStack, type RunningStack } from "../../../platform/support/running-stack";

const MOST = 256 * 1024;
const TopicArn = "arn:aws:sns:eu-central-1:000000000000:news";

let stack: RunningStack;
let topics: SNSClient;
beforeAll(async () => {
  stack = await runStack([{ aws_sns_topic: { news: { name: "news" } } }]);
  topics = new SNSClient(stack.client);
});
afterAll(async () => {
  await stack.stop();
});

const MessageAttributes = { kind: { DataType: "String", StringValue: "ü" } };
const ATTRIBUTE_BYTES = Buffer.byteLength("kindStringü");

const publish = (bytes: number) =>
  topics.send(new PublishCommand({ TopicArn, Message: "x".repeat(bytes), MessageAttributes }));

const publishBatch = (...sizes: ReadonlyArray<number>) =>
  topics.send(
    new PublishBatchCommand({
      TopicArn,
      PublishBatchRequestEntries: sizes.map((bytes, index) => ({
        Id: String(index),
        Message: "x".repeat(bytes),
        MessageAttributes,
      })),
    }),
  );

it("a message is at most 256 KiB, its attributes included", async () => {
  const most = MOST - ATTRIBUTE_BYTES;
  expect((await publish(most)).$metadata.httpStatusCode).toBe(200);
  await expect(publish(most + 1)).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "Invalid parameter: Message too long",
    $metadata: { httpStatusCode: 400 },
  });
});

it("a batch is at most 256 KiB", async () => {
  const most = MOST - 2 * ATTRIBUTE_BYTES;
  expect((await publishBatch(most - 5, 5)).Successful).toHaveLength(2);
  await expect(publishBatch(most - 5, 6)).rejects.toMatchObject({
    name: "BatchRequestTooLongException",
    message: "The length of all the batch messages put together is more than the limit.",
    $metadata: { httpStatusCode: 400 },
  });
});
