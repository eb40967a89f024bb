import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

/** Points the functions' own clients at the AWS APIs that all suites share: see `shared-aws.mjs`. */
export const useAws = async (): Promise<void> => {
  const answer = await fetch(process.env["JEST_AWS"] ?? "");
  if (!answer.ok) throw new Error(await answer.text());
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: await answer.text(),
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  });
};

/** A name that is this suite's alone. */
export const own = (name: string): string => `${name}-${randomBytes(4).toString("hex")}`;

const key = (hash: string, range?: string) => [
  { AttributeName: hash, KeyType: "HASH" as const },
  ...(range === undefined ? [] : [{ AttributeName: range, KeyType: "RANGE" as const }]),
];

type Key = { readonly name: string; readonly type: "S" | "N" };
type Shape = {
  readonly hash: Key;
  readonly indexes?: ReadonlyArray<{
    readonly name: string;
    readonly hash: Key;
    readonly range: Key;
    readonly holds?: "keys";
  }>;
};

export const createTable = async (name: string, { hash, indexes = [] }: Shape): Promise<void> => {
  const attributes = new Map([
    [hash.name, hash.type],
    ...indexes.flatMap((index) => [index.hash, index.range]).map(({ name, type }) => [name, type] as const),
  ]);
  const table: CreateTableCommandInput = {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: key(hash.name),
    AttributeDefinitions: [...attributes].map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    ...(indexes.length === 0
      ? {}
      : {
          GlobalSecondaryIndexes: indexes.map((index) => ({
            IndexName: index.name,
            KeySchema: key(index.hash.name, index.range.name),
            Projection: {
              ProjectionType: index.holds === "keys" ? ("KEYS_ONLY" as const) : ("ALL" as const),
            },
          })),
        }),
  };
  const dynamo = new DynamoDBClient({});
  await dynamo.send(new CreateTableCommand(table));
  for (;;) {
    const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: name }));
    if (Table?.TableStatus === "ACTIVE") return;
    await sleep(5);
  }
};

/** The SDK sends to the host of a queue's URL, which the server gives as one no machine knows. */
export const createQueue = async (name: string): Promise<string> => {
  await new SQSClient({}).send(new CreateQueueCommand({ QueueName: name }));
  return `${process.env["AWS_ENDPOINT_URL"] ?? ""}/000000000000/${name}`;
};
export const receiveAll = async (url: string): Promise<ReadonlyArray<string>> => {
  const client = new SQSClient({});
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map(({ Body = "" }) => Body));
  }
};

/** Makes an order one that no release would have stored: its product has 65 characters. */
export const spoil = async (table: string, id: number): Promise<void> => {
  await new DynamoDBClient({}).send(
    new UpdateItemCommand({
      TableName: table,
      Key: { order_id: { N: String(id) } },
      UpdateExpression: "SET product = :long",
      ExpressionAttributeValues: { ":long": { S: "x".repeat(65) } },
    }),
  );
};
