import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from "@aws-sdk/client-dynamodb";

let servers: ChildProcess | undefined;

/** Starts real DynamoDB, SQS, SNS and S3 APIs and points the functions' own clients at them. */
export const startAws = async (): Promise<void> => {
  servers = spawn(process.execPath, ["test/support/aws-servers.mts"], { stdio: ["pipe", "pipe", "inherit"] });
  const stdout = servers.stdout;
  if (stdout === null) throw new Error("no output to read the ports from");
  const [line] = (await once(createInterface({ input: stdout }), "line")) as [string];
  const { dynamodb, others } = JSON.parse(line) as { dynamodb: number; others: number };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${others}`,
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${dynamodb}`,
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  });
};

export const stopAws = async (): Promise<void> => {
  if (servers === undefined || servers.exitCode !== null) return;
  const ended = once(servers, "exit");
  servers.stdin?.end();
  await ended;
};

const key = (hash: string, range?: string) => [
  { AttributeName: hash, KeyType: "HASH" as const },
  ...(range === undefined ? [] : [{ AttributeName: range, KeyType: "RANGE" as const }]),
];

type Shape = {
  readonly hash: { readonly name: string; readonly type: "S" | "N" };
  readonly indexes?: ReadonlyArray<{ readonly name: string; readonly hash: string; readonly range: string }>;
};

export const createTable = async (name: string, { hash, indexes = [] }: Shape): Promise<void> => {
  const attributes = new Map([
    [hash.name, hash.type],
    ...indexes.flatMap(({ hash: h, range }) => [[h, "S"] as const, [range, "S"] as const]),
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
            KeySchema: key(index.hash, index.range),
            Projection: { ProjectionType: "ALL" as const },
          })),
        }),
  };
  await new DynamoDBClient({}).send(new CreateTableCommand(table));
};
