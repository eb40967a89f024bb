import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as E from "fp-ts/Either";
import { sqsDeliveries } from "../../../functions/adapters/sqs-deliveries";
import { createQueue, own, useAws } from "../../support/aws";

const signal = new AbortController().signal;
beforeAll(useAws);

describe("deliveries", () => {
  const receive = async (url: string) => {
    const { Messages = [] } = await new SQSClient({}).send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        VisibilityTimeout: 300,
        WaitTimeSeconds: 5,
        MessageSystemAttributeNames: ["ApproximateReceiveCount"],
      }),
    );
    return Messages[0] ?? {};
  };

  it("come again after the time they are given, instead of the queue's own, and stay counted", async () => {
    const url = await createQueue(own("postponed"));
    await new SQSClient({}).send(new SendMessageCommand({ QueueUrl: url, MessageBody: "1" }));
    const { ReceiptHandle: receipt = "" } = await receive(url);
    expect(await sqsDeliveries(url, signal).postpone([{ receipt, seconds: 1 }])()).toEqual(
      E.right(undefined),
    );
    expect((await receive(url)).Attributes).toEqual({ ApproximateReceiveCount: "2" });
  });

  it("are told of ten at a time, each whatever becomes of the others", async () => {
    const url = await createQueue(own("many-postponed"));
    await new SQSClient({}).send(new SendMessageCommand({ QueueUrl: url, MessageBody: "1" }));
    const { ReceiptHandle: receipt = "" } = await receive(url);
    const none = Array.from({ length: 20 }, () => ({ receipt: "none", seconds: 1 }));
    expect(await sqsDeliveries(url, signal).postpone([...none, { receipt, seconds: 1 }])()).toMatchObject({
      left: { _tag: "Permanent", cause: expect.stringContaining("10 failed") },
    });
    expect((await receive(url)).Attributes).toEqual({ ApproximateReceiveCount: "2" });
  });

  it("say where there is no such delivery, and ask nothing for none", async () => {
    const url = await createQueue(own("none-postponed"));
    const { postpone } = sqsDeliveries(url, signal);
    expect(await postpone([{ receipt: "none", seconds: 1 }])()).toMatchObject({
      left: { _tag: "Permanent", operation: "postponing messages" },
    });
    expect(await sqsDeliveries(`${url}-no-longer`, signal).postpone([])()).toEqual(E.right(undefined));
  });
});
