import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as t from "io-ts";

const Page = t.intersection([
  t.type({ orders: t.readonlyArray(t.type({ order_id: t.number, status: t.string })) }),
  t.partial({ cursor: t.string }),
]);

/** How many orders a walk of the list shows twice, not at all, or in another status than the table has. */
export const listedWrong = async (apiUrl: string, table: ReadonlyMap<number, string>): Promise<number> => {
  const listed = new Map<number, string>();
  let twice = 0;
  for (let cursor: string | undefined = ""; cursor !== undefined;) {
    const from: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const response = await fetch(`${apiUrl}/orders?limit=100${from}`);
    const page: unknown = await response.json();
    if (!Page.is(page)) throw new Error(`GET /orders answers ${response.status}: ${JSON.stringify(page)}`);
    for (const { order_id, status } of page.orders) {
      if (listed.has(order_id)) twice += 1;
      listed.set(order_id, status);
    }
    cursor = page.cursor;
  }
  const wrong = [...table].filter(([id, status]) => listed.get(id) !== status).length;
  return twice + wrong + [...listed.keys()].filter((id) => !table.has(id)).length;
};

/** Messages that wait for, or are with, the function that submits orders. */
export const queued = async (awsUrl: string): Promise<number> => {
  const { Attributes = {} } = await new SQSClient({
    endpoint: awsUrl,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  }).send(
    new GetQueueAttributesCommand({
      QueueUrl: `${awsUrl}/000000000000/local-orders`,
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }),
  );
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
};
