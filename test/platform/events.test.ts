import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import {
  ChangeMessageVisibilityCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { everySecond, grant, lambda, permission, type Resources, role } from "./support/fixture";
import { recordings, runStack, type RunningStack } from "./support/running-stack";
import { until } from "./support/until";

const recorded = recordings();

const resources: ReadonlyArray<Resources> = [
  lambda(
    "batch",
    `${recorded.source} exports.handler = async ({ Records }) => {
      record("batch", Records);
      return { batchItemFailures: Records.filter(({ body }) => body.startsWith("bad")).map(({ messageId }) => ({ itemIdentifier: messageId })) };
    };`,
    { timeout: 1 },
  ),
  lambda("listener", `${recorded.source} exports.handler = async (event) => record("listener", event);`),
  lambda(
    "deaf",
    `${recorded.source} exports.handler = async () => { record("deaf", Date.now()); throw new Error("deaf"); };`,
  ),
  lambda("ticking", `${recorded.source} exports.handler = async (event) => record("ticking", event);`),
  role("scheduler", "scheduler.amazonaws.com"),
  grant(
    "batch",
    ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    "${aws_sqs_queue.work.arn}",
  ),
  grant("deaf", "sqs:SendMessage", "${aws_sqs_queue.failures.arn}"),
  grant("scheduler", "lambda:InvokeFunction", "${aws_lambda_function.ticking.arn}"),
  permission("listener", "sns.amazonaws.com"),
  permission("deaf", "sns.amazonaws.com"),
  {
    aws_sqs_queue: {
      work: {
        name: "work",
        visibility_timeout_seconds: 3,
        redrive_policy: '{"deadLetterTargetArn":"${aws_sqs_queue.dead.arn}","maxReceiveCount":2}',
      },
      dead: { name: "dead" },
      failures: { name: "failures" },
    },
    aws_lambda_event_source_mapping: {
      work: {
        event_source_arn: "${aws_sqs_queue.work.arn}",
        function_name: "${aws_lambda_function.batch.arn}",
        batch_size: 10,
        function_response_types: ["ReportBatchItemFailures"],
      },
    },
    aws_sns_topic: { news: { name: "news" } },
    aws_sns_topic_subscription: {
      listener: {
        topic_arn: "${aws_sns_topic.news.arn}",
        protocol: "lambda",
        endpoint: "${aws_lambda_function.listener.arn}",
      },
      deaf: {
        topic_arn: "${aws_sns_topic.news.arn}",
        protocol: "lambda",
        endpoint: "${aws_lambda_function.deaf.arn}",
        filter_policy: '{"kind":["loud"]}',
      },
      mail: {
        topic_arn: "${aws_sns_topic.news.arn}",
        protocol: "email",
        endpoint: "trader@example.com",
      },
    },
    aws_lambda_function_event_invoke_config: {
      deaf: {
        function_name: "${aws_lambda_function.deaf.function_name}",
        maximum_retry_attempts: 1,
        destination_config: { on_failure: { destination: "${aws_sqs_queue.failures.arn}" } },
      },
    },
    aws_s3_bucket: { archive: { bucket: "archive" } },
  },
  everySecond("ticking", '{"tick":true}'),
];

let stack: RunningStack;
const queueUrl = (name: string): string => `${stack.awsUrl}/000000000000/${name}`;

beforeAll(async () => {
  stack = await runStack(resources);
});
afterAll(async () => {
  await stack.stop();
});

const received = (queue: string) => async () => {
  const { Messages } = await new SQSClient(stack.client).send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl(queue), WaitTimeSeconds: 1 }),
  );
  return Messages?.[0]?.Body;
};

describe("a queue and its function", () => {
  it("hands on messages, keeps those that failed, and sends them to the dead-letter queue in the end", async () => {
    const sqs = new SQSClient(stack.client);
    for (const MessageBody of ["good 1", "bad 2", "good 3"])
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl("work"), MessageBody }));
    expect(await until(received("dead"), (body) => body !== undefined)).toBe("bad 2");
    const bodies = recorded.read("batch").flatMap((records) => records);
    expect(bodies).toContainEqual(
      expect.objectContaining({
        body: "good 1",
        eventSource: "aws:sqs",
        eventSourceARN: "arn:aws:sqs:eu-central-1:000000000000:work",
        awsRegion: "eu-central-1",
        attributes: expect.objectContaining({ ApproximateReceiveCount: "1" }),
      }),
    );
    const times = (body: string): number =>
      bodies.filter((record) => JSON.stringify(record).includes(`"body":"${body}"`)).length;
    expect([times("good 1"), times("bad 2"), times("good 3")]).toEqual([1, 2, 1]);
    expect(stack.lines.join("\n")).toMatch(/batch {5}work → batch: \d messages?, 1 failed, \d+ ms/);
    expect(stack.lines.filter((line) => line.includes("dead-letter"))).toEqual([
      expect.stringMatching(
        /warning {3}work: moved a message that failed too often to its dead-letter queue: bad 2$/,
      ),
    ]);
  });

  it("gives a message out again as soon as it is given back", async () => {
    const sqs = new SQSClient(stack.client);
    const QueueUrl = queueUrl("failures");
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "again" }));
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 60 }));
    const ReceiptHandle = Messages?.[0]?.ReceiptHandle;
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    expect(await received("failures")()).toBe("again");
  });

  it("are listed under this machine's URLs, the platform's own queues are not", async () => {
    const { QueueUrls } = await new SQSClient(stack.client).send(new ListQueuesCommand({}));
    expect(QueueUrls).toEqual(["dead", "failures", "work"].map(queueUrl));
  });
});

describe("a topic", () => {
  it("invokes functions, as its filters say, and tells mail addresses", async () => {
    await new SNSClient(stack.client).send(
      new PublishCommand({
        TopicArn: "arn:aws:sns:eu-central-1:000000000000:news",
        Message: "hello",
        Subject: "news",
        MessageAttributes: { kind: { DataType: "String", StringValue: "quiet" } },
      }),
    );
    const [event] = await until(
      () => recorded.read("listener"),
      (events) => events.length > 0,
    );
    expect(event).toMatchObject({
      Records: [
        {
          EventSource: "aws:sns",
          Sns: {
            Message: "hello",
            Subject: "news",
            MessageAttributes: { kind: { Type: "String", Value: "quiet" } },
          },
        },
      ],
    });
    expect(recorded.read("deaf")).toEqual([]);
    expect(stack.lines.join("\n")).toContain("mail to trader@example.com: news");
  });

  it("sends what a function failed to handle to its failure destination, after the retries", async () => {
    await new SNSClient(stack.client).send(
      new PublishCommand({
        TopicArn: "arn:aws:sns:eu-central-1:000000000000:news",
        Message: "hear me",
        MessageAttributes: { kind: { DataType: "String", StringValue: "loud" } },
      }),
    );
    const record = await until(received("failures"), (body) => body?.includes("RetriesExhausted") === true);
    expect(recorded.read("deaf")).toHaveLength(2);
    expect(JSON.parse(record ?? "")).toMatchObject({
      requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 2 },
      requestPayload: { Records: [{ Sns: { Message: "hear me" } }] },
      responsePayload: { errorType: "Error", errorMessage: "deaf" },
    });
  });
});

describe("a schedule", () => {
  it("invokes its function again and again", async () => {
    const events = await until(
      () => recorded.read("ticking"),
      (all) => all.length >= 2,
    );
    expect(events[0]).toEqual({ tick: true });
  });
});

describe("a bucket", () => {
  it("keeps objects, and shows what is written", async () => {
    const s3 = new S3Client({ ...stack.client, forcePathStyle: true });
    const Key = "orders/dt=2026-11-23/ü 1.json";
    await s3.send(new PutObjectCommand({ Bucket: "archive", Key, Body: "content" }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "archive", Key }));
    expect(await Body?.transformToString()).toBe("content");
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: "archive", Prefix: "orders/" }));
    expect(Contents?.map((object) => object.Key)).toEqual([Key]);
    expect(stack.lines.join("\n")).toMatch(
      /object {4}s3:\/\/archive\/orders\/dt=2026-11-23\/ü 1\.json 7 bytes/,
    );
  });
});
