import {
  type AttributeValue,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  type DeleteItemCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { until } from "../../../platform/support/until";

export type Item = Record<string, AttributeValue>;

export const S = (text: string): AttributeValue => ({ S: text });
export const N = (number: number | string): AttributeValue => ({ N: String(number) });
export const id = (order: number | string): Item => ({ order_id: N(order) });

/** An order in the index of those in flight. */
export const inFlight = (order: number, since: string, more: Item = {}): Item => ({
  ...id(order),
  slot: S("s"),
  since: S(since),
  ...more,
});

const index = (name: string, projection: "ALL" | "KEYS_ONLY" | "INCLUDE", keys = ["slot", "since"]) => ({
  IndexName: name,
  KeySchema: keys.map((key, place) => ({
    AttributeName: key,
    KeyType: place === 0 ? ("HASH" as const) : ("RANGE" as const),
  })),
  Projection: {
    ProjectionType: projection,
    ...(projection === "INCLUDE" ? { NonKeyAttributes: ["product"] } : {}),
  },
});

type Without<A> = Omit<A, "TableName">;

/** A table such as the orders', made for one case. */
export type TryTable = ReturnType<typeof tryTable>;

const tryTable = (client: DynamoDBClient, TableName: string) => ({
  client,
  name: TableName,
  put: (Item: Item, more: Partial<PutItemCommandInput> = {}) =>
    client.send(new PutItemCommand({ TableName, Item, ...more })),
  putAll: async (items: ReadonlyArray<Item>) => {
    for (let from = 0; from < items.length; from += 25)
      await client.send(
        new BatchWriteItemCommand({
          RequestItems: {
            [TableName]: items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } })),
          },
        }),
      );
  },
  get: async (order: number | string) =>
    (await client.send(new GetItemCommand({ TableName, Key: id(order), ConsistentRead: true }))).Item,
  update: (order: number, more: Without<Partial<UpdateItemCommandInput>>) =>
    client.send(new UpdateItemCommand({ TableName, Key: id(order), ...more })),
  remove: (order: number, more: Partial<DeleteItemCommandInput> = {}) =>
    client.send(new DeleteItemCommand({ TableName, Key: id(order), ...more })),
  query: (more: Without<QueryCommandInput>) =>
    client.send(
      new QueryCommand({
        TableName,
        IndexName: "all",
        KeyConditionExpression: "slot = :s",
        ...more,
        ExpressionAttributeValues: { ":s": S("s"), ...more.ExpressionAttributeValues },
      }),
    ),
});

/** Makes tables of a service, a new one for each case. */
export const tables = (config: DynamoDBClientConfig): (() => Promise<TryTable>) => {
  const client = new DynamoDBClient(config);
  let made = 0;
  return async () => {
    made += 1;
    const TableName = `orders-${made}`;
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "order_id", KeyType: "HASH" }],
        AttributeDefinitions: [
          { AttributeName: "order_id", AttributeType: "N" },
          { AttributeName: "slot", AttributeType: "S" },
          { AttributeName: "since", AttributeType: "S" },
        ],
        GlobalSecondaryIndexes: [
          index("all", "ALL"),
          index("keys", "KEYS_ONLY"),
          index("some", "INCLUDE"),
          index("unsorted", "ALL", ["slot"]),
        ],
      }),
    );
    await until(
      () => client.send(new DescribeTableCommand({ TableName })),
      ({ Table }) => Table?.TableStatus === "ACTIVE",
    );
    return tryTable(client, TableName);
  };
};

/** A refusal as a value: its name, what is said of it that a caller reads, and the item it carries. */
export const refusal = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "done",
    (thrown: unknown) => {
      if (!(thrown instanceof Error)) throw thrown;
      return "Item" in thrown && thrown.Item !== undefined ? [thrown.name, thrown.Item] : thrown.name;
    },
  );

/** What an index holds, a page of `limit` after the other, each with the key to go on from. */
export const pages = async (
  table: TryTable,
  limit: number,
  more: Without<QueryCommandInput> = {},
): Promise<ReadonlyArray<ReadonlyArray<string>>> => {
  const found: string[][] = [];
  let from: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await table.query({
      Limit: limit,
      ...more,
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    found.push(Items.map(({ order_id }) => order_id?.N ?? ""));
    from = LastEvaluatedKey;
    if (found.length > 20) throw new Error("the pages do not end");
  } while (from !== undefined);
  return found;
};
