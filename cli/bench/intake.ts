/** How many orders a second the API takes, beside writes of the same items on the same table server. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { traverseAll } from "../../functions/fp/bounded";
import { aws } from "./counted";
import { inFolder, postAll, running } from "./phases";
import { aligned } from "./table";
import { AT_ONCE, BATCH, writeAll } from "./writes";

export type Rate = { readonly way: string; readonly orders: number; readonly perSecond: number };

const TABLE = "bench-raw";
/** Orders of a request, and how many of them are posted for each ten that are asked for. */
const REQUESTS = [
  { each: 1, tenth: 1 },
  { each: 100, tenth: 10 },
  { each: 1_000, tenth: 10 },
];

const makeTable = async (client: DynamoDBClient): Promise<void> => {
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "order_id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "order_id", AttributeType: "N" }],
    }),
  );
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: TABLE }));
    if (Table?.TableStatus === "ACTIVE") return;
    await sleep(10);
  }
};

const item = (id: number) => ({
  order_id: { N: String(id) },
  product: { S: `Product${id % 7}` },
  power: { N: "1" },
  status: { S: "received" },
});

const put = (client: DynamoDBClient) => (id: number) => () =>
  client.send(
    new PutItemCommand({
      TableName: TABLE,
      Item: item(id),
      ConditionExpression: "attribute_not_exists(order_id)",
    }),
  );

const timed = async (way: string, orders: number, work: () => Promise<unknown>): Promise<Rate> => {
  const began = performance.now();
  await work();
  return { way, orders, perSecond: (orders * 1_000) / (performance.now() - began) };
};

const from = (first: number, count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, index) => first + index);

/** @param orders of the largest measurement */
export const intake = async (orders: number, say: (line: string) => void): Promise<ReadonlyArray<Rate>> => {
  const rates: Rate[] = [];
  for (const { each, tenth } of REQUESTS) {
    const count = Math.max((orders * tenth) / 10, each);
    say(`${count} orders, ${each} a request …`);
    rates.push(
      await inFolder((folder) =>
        running(folder, "intake", ({ apiUrl }) =>
          timed(`POST /orders of ${each}`, count, () => postAll(apiUrl, count, each)),
        ),
      ),
    );
  }
  say(`${orders} raw writes …`);
  const raw = await inFolder((folder) =>
    running(folder, "intake", async ({ awsUrl }) => {
      const client = new DynamoDBClient(aws(awsUrl));
      await makeTable(client);
      return [
        await timed("conditional puts", orders, traverseAll(AT_ONCE)(put(client))(from(1, orders))),
        await timed(`batch writes of ${BATCH}`, orders, () =>
          writeAll(client, TABLE, item)(orders + 1, orders),
        ),
      ];
    }),
  );
  return [...rates, ...raw];
};

/** Beside the conditional puts. */
export const intakeTable = (rates: ReadonlyArray<Rate>): ReadonlyArray<string> => {
  const puts = rates.find(({ way }) => way === "conditional puts")?.perSecond ?? Number.NaN;
  return aligned([
    ["way", "orders", "orders/s", "of conditional puts"],
    ...rates.map(({ way, orders, perSecond }) => [
      way,
      orders.toLocaleString("en"),
      perSecond.toFixed(0),
      (perSecond / puts).toFixed(2),
    ]),
  ]);
};
