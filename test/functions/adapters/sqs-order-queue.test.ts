import * as E from "fp-ts/Either";
import { sqsOrderQueue } from "../../../functions/adapters/sqs-order-queue";
import { createQueue, own, receiveAll, useAws } from "../../support/aws";
import { order } from "../../support/in-memory";

const signal = new AbortController().signal;
beforeAll(useAws);

describe("the orders queue", () => {
  it("takes more messages than one batch holds", async () => {
    const url = await createQueue(own("orders"));
    const messages = Array.from({ length: 25 }, (_, index) => ({
      order_id: order(index + 1).order_id,
      request_id: "r",
    }));
    expect(await sqsOrderQueue(url, signal).send(messages)()).toEqual(E.right([]));
    const bodies = await receiveAll(url);
    expect(
      bodies.map((body) => (JSON.parse(body) as { order_id: number }).order_id).sort((a, b) => a - b),
    ).toEqual(messages.map(({ order_id }) => order_id));
  });

  it("names what it did not take", async () => {
    const url = `${await createQueue(own("there"))}-no-longer`;
    expect(
      await sqsOrderQueue(url, signal).send([{ order_id: order(1).order_id, request_id: "r" }])(),
    ).toEqual(E.right([1]));
  });
});
