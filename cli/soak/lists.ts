import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { isLeft } from "fp-ts/Either";
import { OrdersPage } from "../../functions/query-orders/answer";
import { callsTo, type Query } from "../orders-api/client";

type List = ReturnType<typeof callsTo>["list"];

/** How many orders a walk shows twice, not at all, or in a status other than the table's. */
const walkedWrong = async (
  list: List,
  query: Query,
  expected: ReadonlyMap<number, string>,
): Promise<number> => {
  const listed = new Map<number, string>();
  let twice = 0;
  for (let next = query; ;) {
    const answer = await list(next)();
    if (isLeft(answer) || !OrdersPage.is(answer.right.body))
      throw new Error(`GET /orders ${JSON.stringify(next)} answers ${JSON.stringify(answer)}`);
    const { orders, cursor } = answer.right.body;
    for (const { order_id, status } of orders) {
      if (listed.has(order_id)) twice += 1;
      listed.set(order_id, status);
    }
    if (cursor === undefined) break;
    next = { ...query, cursor };
  }
  const wrong = [...expected].filter(([id, status]) => listed.get(id) !== status).length;
  return twice + wrong + [...listed.keys()].filter((id) => !expected.has(id)).length;
};

/** What is wrong with a walk of all orders, and with one of each status. */
export const listedWrong = async (apiUrl: string, table: ReadonlyMap<number, string>): Promise<number> => {
  const { list } = callsTo(new URL(apiUrl), { attempts: 1 });
  let wrong = await walkedWrong(list, { limit: 100 }, table);
  for (const status of ["received", "submitted", "accepted", "rejected", "expired", "cancelled"] as const) {
    const having = new Map([...table].filter(([, each]) => each === status));
    wrong += await walkedWrong(list, { limit: 100, status }, having);
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
