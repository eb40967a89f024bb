import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import * as E from "fp-ts/Either";
import { snsNotifier } from "../../../functions/adapters/sns-notifier";
import { createQueue, own, receiveAll, useAws } from "../../support/aws";
import { order } from "../../support/in-memory";

const TOPIC = own("notifications");
const SUBSCRIBER = own("subscriber");
const signal = new AbortController().signal;
beforeAll(useAws);

describe("the notifier", () => {
  it("publishes an announcement with its kind as an attribute, and the id it has however often it is told", async () => {
    const url = await createQueue(SUBSCRIBER);
    const { TopicArn = "" } = await new SNSClient({}).send(new CreateTopicCommand({ Name: TOPIC }));
    const arn = TopicArn.replace(":sns:", ":sqs:").replace(TOPIC, SUBSCRIBER);
    await new SNSClient({}).send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: arn }));
    const announcement = { kind: "orders-overdue", environment: "test", orders: [order(1)] } as const;
    expect(await snsNotifier(TopicArn, signal).announce(announcement)()).toEqual(E.right(undefined));
    const [envelope = "{}"] = await receiveAll(url);
    const { Message, MessageAttributes } = JSON.parse(envelope) as {
      Message: string;
      MessageAttributes: unknown;
    };
    expect(JSON.parse(Message)).toEqual(announcement);
    expect(MessageAttributes).toMatchObject({ kind: { Value: "orders-overdue" } });

    const refused = { kind: "order-refused", environment: "test", orders: [order(7)] } as const;
    await snsNotifier(TopicArn, signal).announce(refused)();
    const [again = "{}"] = await receiveAll(url);
    expect(JSON.parse((JSON.parse(again) as { Message: string }).Message)).toEqual({
      ...refused,
      id: "order-refused/7",
    });
  });
});
