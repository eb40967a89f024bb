import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BatchExecuteStatementCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as t from "io-ts";
import { messageOf } from "../../local/start-error";
import { grant, lambda, newFolder, type Resources, writeStack } from "./support/fixture";
import { endAll, startProcess } from "./support/platform-process";
import { recordings, runStack, type RunningStack } from "./support/running-stack";
import { until } from "./support/until";

/** Streams of tables: what they hold, and how they feed functions. */

const recorded = recordings();
const switches = newFolder();
/** While there is this file, the function throws. */
const broken = join(switches, "broken");

const table = (name: string, stream: object = {}): object => ({
  name,
  billing_mode: "PAY_PER_REQUEST",
  hash_key: "id",
  attribute: [{ name: "id", type: "S" }],
  ...stream,
});

const STREAM = "${aws_dynamodb_table.things.stream_arn}";

const mapping = (more: object = {}): object => ({
  event_source_arn: STREAM,
  function_name: "${aws_lambda_function.follower.arn}",
  starting_position: "TRIM_HORIZON",
  batch_size: 100,
  bisect_batch_on_function_error: true,
  maximum_retry_attempts: 2,
  parallelization_factor: 1,
  function_response_types: ["ReportBatchItemFailures"],
  destination_config: { on_failure: { destination_arn: "${aws_sqs_queue.failures.arn}" } },
  ...more,
});

const stackOf = (source: object): ReadonlyArray<Resources> => [
  lambda(
    "follower",
    `${recorded.source}
    const { existsSync } = require("node:fs");
    let refused = 0;
    exports.handler = async ({ Records }) => {
      if (existsSync(${JSON.stringify(broken)})) throw new Error("broken");
      const ids = Records.map(({ dynamodb }) => dynamodb.Keys.id.S);
      if (ids.includes("poison")) throw new Error("poison");
      const at = refused < 2 ? ids.indexOf("refused") : -1;
      const done = at < 0 ? Records : Records.slice(0, at);
      for (const one of done) record("follower", one);
      if (at < 0) return null;
      refused += 1;
      return { batchItemFailures: [{ itemIdentifier: Records[at].dynamodb.SequenceNumber }] };
    };`,
  ),
  grant("follower", ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"], STREAM),
  grant("follower", "dynamodb:ListStreams", "*"),
  grant("follower", "sqs:SendMessage", "${aws_sqs_queue.failures.arn}"),
  {
    aws_dynamodb_table: {
      things: table("things", { stream_enabled: true, stream_view_type: "NEW_AND_OLD_IMAGES" }),
      plain: table("plain"),
    },
    aws_sqs_queue: { failures: { name: "failures" } },
    aws_lambda_event_source_mapping: { things: source },
  },
];

const Seen = t.type({
  eventName: t.string,
  eventSourceARN: t.string,
  dynamodb: t.intersection([
    t.type({ SequenceNumber: t.string, Keys: t.type({ id: t.type({ S: t.string }) }) }),
    t.partial({ OldImage: t.UnknownRecord, NewImage: t.UnknownRecord }),
  ]),
});

const seen = () => recorded.read("follower").filter(Seen.is);
const seenOf = (id: string) =>
  seen()
    .filter(({ dynamodb }) => dynamodb.Keys.id.S === id)
    .map(({ eventName, dynamodb: { OldImage, NewImage } }) => [
      eventName,
      ...[OldImage, NewImage].map((image) => (image?.["n"] as { N?: string } | undefined)?.N),
    ]);

const dynamoOf = ({ client }: Pick<RunningStack, "client">) => new DynamoDBClient(client);
const put = (dynamo: DynamoDBClient, id: string, n: number, TableName = "things") =>
  dynamo.send(new PutItemCommand({ TableName, Item: { id: { S: id }, n: { N: String(n) } } }));

const until1 = (id: string, count = 1) =>
  until(
    () => seenOf(id).length,
    (length) => length >= count,
  );

afterAll(endAll);

describe("the stream of a table", () => {
  let platform: RunningStack;
  let dynamo: DynamoDBClient;
  beforeAll(async () => {
    platform = await runStack(stackOf(mapping()));
    dynamo = dynamoOf(platform);
  });
  afterAll(() => platform.stop());

  it("has every change of an item with what was there before, in order, and nothing where nothing changed", async () => {
    const Key = { id: { S: "a" } };
    await put(dynamo, "a", 1);
    await put(dynamo, "a", 1);
    const set = { UpdateExpression: "SET n = :n", ExpressionAttributeValues: { ":n": { N: "2" } } };
    await dynamo.send(new UpdateItemCommand({ TableName: "things", Key, ...set }));
    await dynamo.send(new UpdateItemCommand({ TableName: "things", Key, ...set }));
    const refused = new PutItemCommand({
      TableName: "things",
      Item: Key,
      ConditionExpression: "attribute_not_exists(id)",
    });
    await expect(dynamo.send(refused)).rejects.toThrow();
    await dynamo.send(
      new BatchExecuteStatementCommand({
        Statements: [
          {
            Statement: `UPDATE "things" SET n = ? WHERE id = ?`,
            Parameters: [{ N: "3" }, { S: "a" }],
          },
        ],
      }),
    );
    await dynamo.send(
      new BatchWriteItemCommand({
        RequestItems: { things: [{ PutRequest: { Item: { ...Key, n: { N: "4" } } } }] },
      }),
    );
    await dynamo.send(new DeleteItemCommand({ TableName: "things", Key }));
    await dynamo.send(new DeleteItemCommand({ TableName: "things", Key }));
    await put(dynamo, "plain", 1, "plain");
    await until1("a", 5);
    expect(seenOf("a")).toEqual([
      ["INSERT", undefined, "1"],
      ["MODIFY", "1", "2"],
      ["MODIFY", "2", "3"],
      ["MODIFY", "3", "4"],
      ["REMOVE", "4", undefined],
    ]);
    expect(seenOf("plain")).toEqual([]);
    const numbers = seen().map(({ dynamodb }) => dynamodb.SequenceNumber);
    expect(numbers).toEqual([...new Set(numbers)].sort());
  });

  it("goes on at the record that a function reports, with none before it again", async () => {
    for (const [id, n] of [
      ["before", 1],
      ["refused", 2],
      ["after", 3],
    ] as const)
      await put(dynamo, id, n);
    await until1("after");
    const ids = seen().map(({ dynamodb }) => dynamodb.Keys.id.S);
    expect(ids.filter((id) => ["before", "refused", "after"].includes(id))).toEqual([
      "before",
      "refused",
      "after",
    ]);
  });

  it("gives up what always fails, by itself, and tells where it was", async () => {
    await Promise.all(["p1", "poison", "p2"].map((id) => put(dynamo, id, 1)));
    await Promise.all([until1("p1"), until1("p2")]);
    const sqs = new SQSClient(platform.client);
    const QueueUrl = `${platform.awsUrl}/000000000000/failures`;
    const [message] = await until(
      async () => (await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages ?? [],
      (messages) => messages.length > 0,
    );
    expect(JSON.parse(message?.Body ?? "")).toMatchObject({
      requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 3 },
      DDBStreamBatchInfo: { batchSize: 1 },
    });
  });

  it("is read under the function's role", () => {
    expect(platform.decisions().unused.map(({ role }) => role)).not.toContain("follower");
  });
});

it("goes on after a kill with what was not done with", async () => {
  const data = newFolder();
  const stack = writeStack(...stackOf(mapping({ maximum_retry_attempts: -1 })));
  const args = ["--stack", stack, "--data", data];
  writeFileSync(broken, "");
  const first = await startProcess(args);
  const config = { region: "eu-central-1", credentials: { accessKeyId: "local", secretAccessKey: "local" } };
  await put(new DynamoDBClient({ ...config, endpoint: first.awsUrl }), "killed", 1);
  await until(first.output, (output) => output.includes("1 failed"));
  await first.end("SIGKILL");
  rmSync(broken);
  const second = await startProcess(args);
  await until1("killed");
  await put(new DynamoDBClient({ ...config, endpoint: second.awsUrl }), "killed", 2);
  await until1("killed", 2);
  await second.end("SIGTERM");
  const third = await startProcess(args);
  await put(new DynamoDBClient({ ...config, endpoint: third.awsUrl }), "killed", 3);
  await until1("killed", 3);
  await third.end("SIGTERM");
  expect(seenOf("killed")).toEqual([
    ["INSERT", undefined, "1"],
    ["MODIFY", "1", "2"],
    ["MODIFY", "2", "3"],
  ]);
});

it.each<readonly [string, object, RegExp]>([
  ["no place to start", { starting_position: null }, /starting_position: a stream needs one/],
  ["several batches at once", { parallelization_factor: 2 }, /one batch at a time/],
  [
    "another table's",
    { event_source_arn: "${aws_dynamodb_table.plain.arn}/stream/now" },
    /event_source_arn: is no stream of a table of this stack/,
  ],
])("is refused with %s", async (_, more, problem) => {
  const failed = await runStack(stackOf(mapping(more))).then(
    async (platform) => {
      await platform.stop();
      return "it started";
    },
    (error: unknown) => messageOf(error),
  );
  expect(failed).toMatch(problem);
});
