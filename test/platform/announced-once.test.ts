import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { newFolder } from "./support/fixture";
import { endAll, startProcess } from "./support/platform-process";
import { until } from "./support/until";

/** What people are told when nothing fails, and clients are as impatient as they are. */

afterAll(endAll);

const ORDERS = 200;
const ORDERS_A_REQUEST = 4;
const TIMES = 3;

const bodies = Array.from({ length: ORDERS / ORDERS_A_REQUEST }, (_, request) =>
  JSON.stringify({
    orders: Array.from({ length: ORDERS_A_REQUEST }, (__, index) => ({
      order_id: request * ORDERS_A_REQUEST + index + 1,
      product: "Product1",
      power: 1,
    })),
  }),
);

describe("an order that is refused", () => {
  it("is announced once, though it was posted three times at once", async () => {
    const data = newFolder();
    const { apiUrl, awsUrl } = await startProcess(["--data", data, "--schedule", "off"]);
    const post = async (body: string): Promise<void> => {
      for (;;) {
        const { status } = await fetch(`${apiUrl}/orders`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body,
        });
        if (status === 201) return;
        // A busy machine answers late; repeating is what this is about.
        expect([429, 503]).toContain(status);
      }
    };
    for (const body of bodies) await Promise.all(Array.from({ length: TIMES }, () => post(body)));

    const sqs = new SQSClient({
      endpoint: awsUrl,
      region: "eu-central-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
    const { QueueUrl = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName: "local-orders" }));
    await until(
      async () => {
        const { Attributes = {} } = await sqs.send(
          new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
        );
        return (
          Number(Attributes["ApproximateNumberOfMessages"]) +
          Number(Attributes["ApproximateNumberOfMessagesNotVisible"])
        );
      },
      (messages) => messages === 0,
    );
    const rejected = async (): Promise<ReadonlyArray<number>> => {
      const { orders } = (await (await fetch(`${apiUrl}/orders?status=rejected&limit=100`)).json()) as {
        orders: { order_id: number }[];
      };
      return orders.map(({ order_id }) => order_id).sort((a, b) => a - b);
    };
    const told = (): ReadonlyArray<number> => {
      const file = join(data, "notifications.jsonl");
      const text = existsSync(file) ? readFileSync(file, "utf8") : "";
      return [...text.matchAll(/order (\d+):/g)].map(([, id]) => Number(id)).sort((a, b) => a - b);
    };
    const refused = await rejected();
    expect(refused.length).toBeGreaterThan(3);
    await until(told, (ids) => refused.every((id) => ids.includes(id)));
    // A busy machine may cut a submission off after it announced and before it wrote, which is a failure.
    const log = readFileSync(join(data, "logs", "local-submit-orders.log"), "utf8");
    const failed = /"level":"(warn|error)"(?!.*"order refused")|timed out/.test(log);
    expect(failed ? [...new Set(told())] : told()).toEqual(refused);
  });
});
