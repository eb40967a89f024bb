import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { runStack, type RunningStack } from "../../../platform/support/running-stack";
import { until } from "../../../platform/support/until";

/** What reads and writes consume, as the tables' own metrics tell. */

const TableName = "counted";

let platform: RunningStack;
let dynamo: DynamoDBClient;
let cloudwatch: CloudWatchClient;

beforeAll(async () => {
  platform = await runStack([]);
  dynamo = new DynamoDBClient(platform.client);
  cloudwatch = new CloudWatchClient(platform.client);
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: "HASH" as const },
    { AttributeName: range, KeyType: "RANGE" as const },
  ];
  await dynamo.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: ["id", "slot", "since", "listed", "at"].map((name) => ({
        AttributeName: name,
        AttributeType: "S" as const,
      })),
      GlobalSecondaryIndexes: [
        { IndexName: "all", KeySchema: key("slot", "since"), Projection: { ProjectionType: "ALL" } },
        { IndexName: "keys", KeySchema: key("listed", "at"), Projection: { ProjectionType: "KEYS_ONLY" } },
      ],
    }),
  );
  await until(
    () => dynamo.send(new DescribeTableCommand({ TableName })),
    ({ Table }) => Table?.TableStatus === "ACTIVE",
  );
});
afterAll(() => platform.stop());

/** The units consumed so far by the table and each of its indexes. */
const consumed = async (what: "Read" | "Write") => {
  const of = async (index?: string): Promise<number> => {
    const { Datapoints = [] } = await cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: "AWS/DynamoDB",
        MetricName: `Consumed${what}CapacityUnits`,
        Dimensions: [
          { Name: "TableName", Value: TableName },
          ...(index === undefined ? [] : [{ Name: "GlobalSecondaryIndexName", Value: index }]),
        ],
        StartTime: new Date(Date.now() - 3_600_000),
        EndTime: new Date(Date.now() + 60_000),
        Period: 3_600,
        Statistics: ["Sum"],
      }),
    );
    return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
  };
  return { table: await of(), all: await of("all"), keys: await of("keys") };
};

type Units = Awaited<ReturnType<typeof consumed>>;

const NONE: Units = { table: 0, all: 0, keys: 0 };
let before: Readonly<Record<"Read" | "Write", Units>> = { Read: NONE, Write: NONE };

/** What came to it since it was asked last; a fault shows what there is instead. */
const expectMore = async (what: "Read" | "Write", more: Units): Promise<void> => {
  const { table, all, keys } = before[what];
  const wanted = { table: table + more.table, all: all + more.all, keys: keys + more.keys };
  await until(
    () => consumed(what),
    (units) => JSON.stringify(units) === JSON.stringify(wanted),
  );
  before = { ...before, [what]: wanted };
};

const put = (item: Readonly<Record<string, string>>) =>
  dynamo.send(
    new PutItemCommand({
      TableName,
      Item: Object.fromEntries(Object.entries(item).map(([name, S]) => [name, { S }])),
      ConditionExpression: "attribute_not_exists(id)",
    }),
  );

const set = (name: string, value: string) =>
  dynamo.send(
    new UpdateItemCommand({
      TableName,
      Key: { id: { S: "1" } },
      UpdateExpression: "SET #name = :value",
      ExpressionAttributeNames: { "#name": name },
      ExpressionAttributeValues: { ":value": { S: value } },
    }),
  );

it("a write consumes a unit for each kilobyte of the item, and for each entry of an index that it changes", async () => {
  await put({ id: "1", slot: "a", since: "1", listed: "x", at: "1" });
  await expectMore("Write", { table: 1, all: 1, keys: 1 });
  // An entry that moves goes from one place and comes to another.
  await set("since", "2");
  await expectMore("Write", { table: 1, all: 2, keys: 0 });
  // What an index does not hold changes nothing of it.
  await set("note", "short");
  await expectMore("Write", { table: 1, all: 1, keys: 0 });
  await set("note", "x".repeat(2_000));
  await expectMore("Write", { table: 2, all: 2, keys: 0 });
});

it("a write that is refused by its condition consumes what the item there does", async () => {
  await expect(put({ id: "1" })).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
  await expectMore("Write", { table: 2, all: 0, keys: 0 });
});

it("a read consumes a unit for each four kilobytes, half of one where it may be late", async () => {
  const get = (ConsistentRead: boolean) =>
    dynamo.send(new GetItemCommand({ TableName, Key: { id: { S: "1" } }, ConsistentRead }));
  await get(true);
  await expectMore("Read", { table: 1, all: 0, keys: 0 });
  await get(false);
  await expectMore("Read", { table: 0.5, all: 0, keys: 0 });
  const { ConsumedCapacity } = await dynamo.send(
    new QueryCommand({
      TableName,
      IndexName: "all",
      KeyConditionExpression: "slot = :slot",
      ExpressionAttributeValues: { ":slot": { S: "a" } },
    }),
  );
  expect(ConsumedCapacity).toBeUndefined();
  await expectMore("Read", { table: 0, all: 0.5, keys: 0 });
});
