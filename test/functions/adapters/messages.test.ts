import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as E from "fp-ts/Either";
import { s3ResultArchive } from "../../../functions/adapters/s3-result-archive";
import { snsNotifier } from "../../../functions/adapters/sns-notifier";
import { sqsOrderQueue } from "../../../functions/adapters/sqs-order-queue";
import { startAws, stopAws } from "../../support/aws";
import { order } from "../../support/in-memory";

const signal = new AbortController().signal;
beforeAll(startAws);
afterAll(stopAws);

/** The SDK sends to the host of a queue's URL, which the server gives as one no machine knows. */
const queue = async (name: string): Promise<string> => {
  await new SQSClient({}).send(new CreateQueueCommand({ QueueName: name }));
  return `${process.env["AWS_ENDPOINT_URL"] ?? ""}/000000000000/${name}`;
};
const receive = async (url: string): Promise<ReadonlyArray<string>> => {
  const client = new SQSClient({});
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map(({ Body = "" }) => Body));
  }
};

describe("the orders queue", () => {
  it("takes more messages than one batch holds", async () => {
    const url = await queue("orders");
    const messages = Array.from({ length: 25 }, (_, index) => ({
      order_id: order(index + 1).order_id,
      request_id: "r",
    }));
    expect(await sqsOrderQueue(url, signal).send(messages)()).toEqual(E.right([]));
    const bodies = await receive(url);
    expect(
      bodies.map((body) => (JSON.parse(body) as { order_id: number }).order_id).sort((a, b) => a - b),
    ).toEqual(messages.map(({ order_id }) => order_id));
  });

  it("names what it did not take", async () => {
    const url = `${await queue("there")}-no-longer`;
    expect(
      await sqsOrderQueue(url, signal).send([{ order_id: order(1).order_id, request_id: "r" }])(),
    ).toEqual(E.right([1]));
  });
});

describe("the archive", () => {
  it("holds one object a key, the last one written", async () => {
    const client = new S3Client({ forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: "archive" }));
    const archive = s3ResultArchive("archive", signal);
    expect(await archive.put("orders/dt=2026-01-01/a.json", { page: 1 })()).toEqual(E.right(undefined));
    expect(await archive.put("orders/dt=2026-01-01/a.json", { page: 2 })()).toEqual(E.right(undefined));
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: "archive" }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(["orders/dt=2026-01-01/a.json"]);
    const { Body, ContentType } = await client.send(
      new GetObjectCommand({ Bucket: "archive", Key: "orders/dt=2026-01-01/a.json" }),
    );
    expect([await Body?.transformToString(), ContentType]).toEqual(['{"page":2}', "application/json"]);
  });

  it("says that it is not there", async () => {
    expect(await s3ResultArchive("nowhere", signal).put("k", {})()).toMatchObject({
      left: { _tag: "Permanent" },
    });
  });
});

describe("the notifier", () => {
  it("publishes an announcement with its kind as an attribute, and the id it has however often it is told", async () => {
    const url = await queue("subscriber");
    const { TopicArn = "" } = await new SNSClient({}).send(new CreateTopicCommand({ Name: "notifications" }));
    const arn = TopicArn.replace(":sns:", ":sqs:").replace("notifications", "subscriber");
    await new SNSClient({}).send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: arn }));
    const announcement = { kind: "orders-overdue", environment: "test", orders: [order(1)] } as const;
    expect(await snsNotifier(TopicArn, signal).announce(announcement)()).toEqual(E.right(undefined));
    const [envelope = "{}"] = await receive(url);
    const { Message, MessageAttributes } = JSON.parse(envelope) as {
      Message: string;
      MessageAttributes: unknown;
    };
    expect(JSON.parse(Message)).toEqual(announcement);
    expect(MessageAttributes).toMatchObject({ kind: { Value: "orders-overdue" } });

    const refused = { kind: "order-refused", environment: "test", orders: [order(7)] } as const;
    await snsNotifier(TopicArn, signal).announce(refused)();
    const [again = "{}"] = await receive(url);
    expect(JSON.parse((JSON.parse(again) as { Message: string }).Message)).toEqual({
      ...refused,
      id: "order-refused/7",
    });
  });
});
