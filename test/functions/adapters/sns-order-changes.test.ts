import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import * as E from "fp-ts/Either";
import { snsOrderChanges } from "../../../functions/adapters/sns-order-changes";
import type { OrderChange } from "../../../functions/domain/order-change";
import { shown } from "../../../functions/domain/shown-order";
import type { StoredOrder } from "../../../functions/domain/stored-order";
import { createQueue, own, receiveAll, useAws } from "../../support/aws";
import { order } from "../../support/in-memory";

const signal = new AbortController().signal;
beforeAll(useAws);

const AT = "2026-01-01T09:00:00.000Z";

const stored = (id: number, more: Partial<StoredOrder> = {}): StoredOrder => ({
  ...order(id),
  status: "received",
  request_id: "r",
  received_at: AT,
  attempts_noted: "always",
  ...more,
});

const change = (of: StoredOrder): OrderChange => ({
  version: 1,
  id: `${of.order_id}/placed/${AT}`,
  environment: "test",
  kind: "placed",
  changed_at: AT,
  order: { ...of, history: [] },
});

const topicWith = async (filter: object): Promise<readonly [string, string]> => {
  const name = own("changes");
  const url = await createQueue(name);
  const { TopicArn = "" } = await new SNSClient({}).send(new CreateTopicCommand({ Name: name }));
  await new SNSClient({}).send(
    new SubscribeCommand({
      TopicArn,
      Protocol: "sqs",
      Endpoint: TopicArn.replace(":sns:", ":sqs:"),
      Attributes: { RawMessageDelivery: "true", FilterPolicy: JSON.stringify(filter) },
    }),
  );
  return [TopicArn, url];
};

describe("the topic of changes", () => {
  it("gives a queue the message alone, of what is shown of an order, by a filter of its attributes", async () => {
    const [topic, url] = await topicWith({
      kind: ["placed"],
      status: ["received"],
      product: ["p"],
    });
    const wanted = stored(1, { product: "p" });
    const told = await snsOrderChanges(topic, signal).tell([change(wanted), change(stored(2))])();
    expect(told).toEqual(E.right([]));
    expect((await receiveAll(url)).map((body) => JSON.parse(body) as unknown)).toEqual([
      { ...change(wanted), order: { ...shown(wanted), history: [] } },
    ]);
  });

  it("tells of whatever text an order has, though XML has no place for it", async () => {
    const [topic, url] = await topicWith({ product: [{ exists: false }] });
    const odd = stored(3, { product: "a\uFFFEb", reason: "\u007F\u0007" });
    expect(await snsOrderChanges(topic, signal).tell([change(odd)])()).toEqual(E.right([]));
    const [body = ""] = await receiveAll(url);
    expect(body).not.toMatch(/\uFFFE|\p{Cc}/u);
    expect(JSON.parse(body)).toMatchObject({ order: { product: odd.product, reason: odd.reason } });
  });

  it("fails where there is no topic", async () => {
    const missing = "arn:aws:sns:eu-central-1:000000000000:missing";
    expect(await snsOrderChanges(missing, signal).tell([change(stored(4))])()).toMatchObject(
      E.left({ _tag: "Permanent" }),
    );
  });
});
