import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as t from "io-ts";

const Page = t.intersection([
  t.type({ orders: t.readonlyArray(t.type({ order_id: t.number, status: t.string })) }),
  t.partial({ cursor: t.string }),
]);

/** How many orders a walk shows twice, not at all, or in a status other than the table's. */
const walkedWrong = async (url: URL, expected: ReadonlyMap<number, string>): Promise<number> => {
  const listed = new Map<number, string>();
  let twice = 0;
  for (let next = url; ;) {
    const response: Response = await fetch(next);
    const page: unknown = await response.json();
    if (!Page.is(page))
      throw new Error(
        `GET ${next.pathname}${next.search} answers ${response.status}: ${JSON.stringify(page)}`,
      );
    for (const { order_id, status } of page.orders) {
      if (listed.has(order_id)) twice += 1;
      listed.set(order_id, status);
    }
    if (page.cursor === undefined) break;
    next = new URL(url);
    next.searchParams.set("cursor", page.cursor);
  }
  const wrong = [...expected].filter(([id, status]) => listed.get(id) !== status).length;
  return twice + wrong + [...listed.keys()].filter((id) => !expected.has(id)).length;
};

/** What is wrong with a walk of all orders, and with one of each status. */
export const listedWrong = async (apiUrl: string, table: ReadonlyMap<number, string>): Promise<number> => {
  const all = new URL(`${apiUrl}/orders?limit=100`);
  let wrong = await walkedWrong(all, table);
  for (const status of ["received", "submitted", "accepted", "rejected", "expired", "cancelled"]) {
    const some = new URL(all);
    some.searchParams.set("status", status);
    wrong += await walkedWrong(some, new Map([...table].filter(([, each]) => each === status)));
  }
  return wrong;
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
