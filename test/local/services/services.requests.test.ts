import * as D from "@aws-sdk/client-dynamodb";
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { PublishBatchCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import * as Q from "@aws-sdk/client-sqs";
import { GetParameterCommand, GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import * as E from "fp-ts/Either";
import fc from "fast-check";
import { readApi } from "../../../local/services/execute-api/api";
import { keyAccess } from "../../../local/services/kms/actions";
import { readRequest } from "../../platform/support/services";
import { capture, close, listen, REGION } from "../engine/iam/capture";
import { ACCOUNT, read, sent } from "../engine/iam/reading";
import { unicodeText } from "../../support/arbitrary";

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
const TABLE = arn("dynamodb", "table/orders");
const QUEUE = arn("sqs", "orders");
const DLQ = arn("sqs", "orders-dlq");
const TOPIC = arn("sns", "alarms");
const MACHINE = arn("states", "stateMachine:results");
const QueueUrl = `http://localhost:4000/${ACCOUNT}/orders`;

let config: Awaited<ReturnType<typeof listen>>;
beforeAll(async () => {
  config = await listen();
});
afterAll(close);

type Input<C> = C extends abstract new (input: infer I) => unknown ? I : never;
const keyOf = { order_id: { N: "1" } };

const dynamo = {
  put: new D.PutItemCommand({ TableName: "orders", Item: keyOf }),
  "by arn": new D.GetItemCommand({ TableName: TABLE, Key: keyOf }),
  query: new D.QueryCommand({ TableName: "orders", IndexName: "decided" }),
  batch: new D.BatchWriteItemCommand({
    RequestItems: {
      orders: [{ DeleteRequest: { Key: keyOf } }],
      ledger: [{ DeleteRequest: { Key: keyOf } }],
    },
  }),
  statements: new D.BatchExecuteStatementCommand({
    Statements: [
      { Statement: `INSERT INTO "orders" VALUE {'order_id': ?}`, Parameters: [{ N: "1" }] },
      { Statement: `INSERT INTO orders VALUE {'order_id': ?}`, Parameters: [{ N: "2" }] },
      {
        Statement: `UPDATE "ledger" SET "a" = ? WHERE "order_id" = ?`,
        Parameters: [{ N: "1" }, { N: "1" }],
      },
    ],
  }),
  reads: new D.BatchExecuteStatementCommand({
    Statements: [{ Statement: `select * from "orders" where "order_id" = ?`, Parameters: [{ N: "1" }] }],
  }),
  "statements that the table refuses": new D.BatchExecuteStatementCommand({
    Statements: [{ Statement: `DELETE FROM "orders"` }],
  }),
  "a single statement": new D.ExecuteStatementCommand({ Statement: `SELECT * FROM "orders"` }),
  list: new D.ListTablesCommand({}),
  transaction: new D.TransactGetItemsCommand({
    TransactItems: [{ Get: { TableName: "orders", Key: keyOf } }],
  }),
};
it.each([
  ["put", [`PutItem: dynamodb:PutItem on ${TABLE}`]],
  ["by arn", [`GetItem: dynamodb:GetItem on ${TABLE}`]],
  ["query", [`Query: dynamodb:Query on ${TABLE}/index/decided`]],
  [
    "batch",
    [
      `BatchWriteItem: dynamodb:BatchWriteItem on ${TABLE}`,
      `BatchWriteItem: dynamodb:BatchWriteItem on ${arn("dynamodb", "table/ledger")}`,
    ],
  ],
  [
    "statements",
    [
      `BatchExecuteStatement: dynamodb:PartiQLInsert on ${TABLE}`,
      `BatchExecuteStatement: dynamodb:PartiQLUpdate on ${arn("dynamodb", "table/ledger")}`,
    ],
  ],
  ["reads", [`BatchExecuteStatement: dynamodb:PartiQLSelect on ${TABLE}`]],
  ["statements that the table refuses", []],
  ["a single statement", ["UnknownOperation ExecuteStatement"]],
  ["list", ["ListTables: dynamodb:ListTables on *"]],
  ["transaction", ["UnknownOperation TransactGetItems"]],
] as const)("DynamoDB %s", async (name, accesses) => {
  const client = new D.DynamoDBClient(config);
  // One overload of send per command: a union of commands needs the widest.
  const command: D.PutItemCommand = dynamo[name] as D.PutItemCommand;
  expect(await sent("dynamodb", () => client.send(command))).toEqual(accesses);
});

const STREAM = `${TABLE}/stream/2026-01-01T00:00:00.000`;
it.each([
  ["ListStreams", {}, "ListStreams: dynamodb:ListStreams on *"],
  ["DescribeStream", { StreamArn: STREAM }, `DescribeStream: dynamodb:DescribeStream on ${STREAM}`],
  ["GetShardIterator", { StreamArn: STREAM }, `GetShardIterator: dynamodb:GetShardIterator on ${STREAM}`],
  [
    "GetRecords",
    { ShardIterator: `${STREAM}|000000000000000000007` },
    `GetRecords: dynamodb:GetRecords on ${STREAM}`,
  ],
  ["GetRecords", {}, "Unreadable GetRecords"],
  ["DescribeStream", {}, "Unreadable DescribeStream"],
  // The platform's own, between its services.
  ["UpdateTable", { TableName: "orders" }, "UnknownOperation UpdateTable"],
] as const)("DynamoDB Streams %s", (operation, input, wanted) => {
  const request = {
    method: "POST",
    target: "/",
    headers: { "x-amz-target": `DynamoDBStreams_20120810.${operation}` },
    body: Buffer.from(JSON.stringify(input)),
  };
  expect(read("dynamodbstreams", request)).toEqual([wanted]);
});

it("SQS, in the JSON protocol of the SDK", async () => {
  const client = new Q.SQSClient({ ...config, useQueueUrlAsEndpoint: false });
  const Entries: Input<typeof Q.SendMessageBatchCommand>["Entries"] = [{ Id: "1", MessageBody: "x" }];
  expect([
    await sent("sqs", () => client.send(new Q.SendMessageBatchCommand({ QueueUrl, Entries }))),
    await sent("sqs", () => client.send(new Q.ReceiveMessageCommand({ QueueUrl }))),
    await sent("sqs", () => client.send(new Q.GetQueueUrlCommand({ QueueName: "orders" }))),
    await sent("sqs", () =>
      client.send(new Q.StartMessageMoveTaskCommand({ SourceArn: DLQ, DestinationArn: QUEUE })),
    ),
    await sent("sqs", () => client.send(new Q.SendMessageCommand({ QueueUrl: "orders", MessageBody: "x" }))),
    await sent("sqs", () =>
      client.send(new Q.AddPermissionCommand({ QueueUrl, Label: "l", AWSAccountIds: [], Actions: [] })),
    ),
  ]).toEqual([
    [`SendMessageBatch: sqs:SendMessage on ${QUEUE}`],
    [`ReceiveMessage: sqs:ReceiveMessage on ${QUEUE}`],
    [`GetQueueUrl: sqs:GetQueueUrl on ${QUEUE}`],
    [
      ...["StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"].map(
        (action) => `StartMessageMoveTask: sqs:${action} on ${DLQ}`,
      ),
      `StartMessageMoveTask: sqs:SendMessage on ${QUEUE}`,
    ],
    ["Unreadable SendMessage"],
    ["UnknownOperation AddPermission"],
  ]);
});

const form = (fields: string, target = "/") => ({
  method: "POST",
  target,
  headers: {},
  body: Buffer.from(fields),
});

it("SQS, in the query protocol of older clients", () => {
  const url = encodeURIComponent(QueueUrl);
  expect(read("sqs", form(`Action=DeleteMessage&QueueUrl=${url}`))).toEqual([
    `DeleteMessage: sqs:DeleteMessage on ${QUEUE}`,
  ]);
  expect(
    read("sqs", { ...form(""), method: "GET", target: `/?Action=DeleteMessage&QueueUrl=${url}` }),
  ).toEqual([`DeleteMessage: sqs:DeleteMessage on ${QUEUE}`]);
  expect(read("sqs", form(`Action=DeleteMessage&Action=PurgeQueue&QueueUrl=${url}`))).toEqual([
    "UnknownOperation without a name",
  ]);
});

it("SNS", async () => {
  const client = new SNSClient(config);
  expect([
    await sent("sns", () => client.send(new PublishCommand({ TopicArn: TOPIC, Message: "m" }))),
    await sent("sns", () =>
      client.send(new PublishBatchCommand({ TopicArn: TOPIC, PublishBatchRequestEntries: [] })),
    ),
    await sent("sns", () => client.send(new PublishCommand({ PhoneNumber: "+491", Message: "m" }))),
  ]).toEqual([
    [`Publish: sns:Publish on ${TOPIC}`],
    [`PublishBatch: sns:Publish on ${TOPIC}`],
    ["Unreadable Publish"],
  ]);
  const { payload, ...subscribe } = await capture(
    client.send(new SubscribeCommand({ TopicArn: TOPIC, Protocol: "sqs", Endpoint: QUEUE })),
  );
  expect(readRequest("sns", { ...subscribe, body: payload, region: REGION, account: ACCOUNT })).toEqual(
    E.right({
      operation: "Subscribe",
      accesses: [
        {
          action: "sns:Subscribe",
          resource: TOPIC,
          context: { "sns:Protocol": "sqs", "sns:Endpoint": QUEUE },
        },
      ],
    }),
  );
});

it("SSM and Step Functions", async () => {
  const ssm = new SSMClient(config);
  const states = new SFNClient(config);
  const execution = arn("states", "execution:results:one");
  expect([
    await sent("ssm", () =>
      ssm.send(new GetParameterCommand({ Name: "/orders/local/key:3", WithDecryption: true })),
    ),
    await sent("ssm", () => ssm.send(new GetParametersCommand({ Names: ["/a/b", "c"] }))),
    await sent("states", () => states.send(new StartExecutionCommand({ stateMachineArn: MACHINE }))),
    await sent("states", () => states.send(new DescribeExecutionCommand({ executionArn: execution }))),
  ]).toEqual([
    [`GetParameter: ssm:GetParameter on ${arn("ssm", "parameter/orders/local/key")}`],
    [
      `GetParameters: ssm:GetParameters on ${arn("ssm", "parameter/a/b")}`,
      `GetParameters: ssm:GetParameters on ${arn("ssm", "parameter/c")}`,
    ],
    [`StartExecution: states:StartExecution on ${MACHINE}`],
    [`DescribeExecution: states:DescribeExecution on ${execution}`],
  ]);
});

it("Lambda, by name or ARN, with a qualifier", () => {
  const invoke = (name: string) => read("lambda", form("{}", `/2015-03-31/functions/${name}/invocations`));
  const of = (name: string) => [`Invoke: lambda:InvokeFunction on ${arn("lambda", `function:${name}`)}`];
  expect(invoke("place-orders")).toEqual(of("place-orders"));
  expect(invoke(encodeURIComponent(arn("lambda", "function:place-orders")))).toEqual(of("place-orders"));
  expect(invoke("123456789012:function:place-orders")).toEqual(of("place-orders"));
  expect(invoke("place-orders?x/invocations")).toEqual([
    "UnknownOperation POST /2015-03-31/functions/place-orders",
  ]);
  expect(read("lambda", form("{}", "/2015-03-31/functions/f/invocations?Qualifier=live"))).toEqual(
    of("f:live"),
  );
  const look = (path: string) =>
    read("lambda", { ...form("", `/2015-03-31/functions${path}`), method: "GET" });
  expect(look("")).toEqual(["ListFunctions: lambda:ListFunctions on *"]);
  expect(look("/f")).toEqual([`GetFunction: lambda:GetFunction on ${arn("lambda", "function:f")}`]);
  expect(look("/f/configuration")).toEqual([
    `GetFunctionConfiguration: lambda:GetFunctionConfiguration on ${arn("lambda", "function:f")}`,
  ]);
});

it("an API's route, and a customer's key", () => {
  const request = { method: "GET", target: "/orders/1?x=y", region: REGION, account: ACCOUNT };
  expect(readApi(request, "api1", "$default")).toEqual(
    E.right({
      operation: "Invoke",
      accesses: [
        {
          action: "execute-api:Invoke",
          resource: arn("execute-api", "api1/$default/GET/orders/1"),
          context: {},
        },
      ],
    }),
  );
  expect(keyAccess("Decrypt", "arn:key", "sqs", { region: REGION }, { "aws:sqs:arn": QUEUE })).toEqual({
    action: "kms:Decrypt",
    resource: "arn:key",
    context: {
      "kms:ViaService": "sqs.eu-west-1.amazonaws.com",
      "kms:EncryptionContextKeys": ["aws:sqs:arn"],
      "kms:EncryptionContext:aws:sqs:arn": QUEUE,
    },
  });
});

it("reads a request for one service never as one for another", async () => {
  const { payload, ...request } = await capture(
    new SSMClient(config).send(new GetParameterCommand({ Name: "x" })),
  );
  for (const service of ["dynamodb", "sqs", "sns", "states", "lambda", "ec2"])
    expect(read(service, { ...request, body: payload })[0]).toMatch(/^UnknownOperation/);
  const disguised = { ...form('{"TableName":"orders"}'), headers: { "x-amz-target": "AmazonSSM.GetItem" } };
  expect(read("dynamodb", disguised)).toEqual(["UnknownOperation without a name"]);
});

it("never throws, whatever comes", () => {
  const service = fc.constantFrom("dynamodb", "sqs", "sns", "s3", "ssm", "states", "lambda", "__proto__");
  const target = fc.constantFrom(
    "DynamoDB_20120810.PutItem",
    "AmazonSSM.GetParameters",
    "AWSStepFunctions.StartExecution",
    "AmazonSQS.__proto__",
    "constructor.x",
  );
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    fc
      .dictionary(fc.constantFrom("TableName", "Names", "QueueUrl", "RequestItems"), fc.jsonValue())
      .map((value) => JSON.stringify(value)),
  );
  const url = fc.oneof(unicodeText, fc.webPath(), fc.constantFrom("/b?delete", "/%", "/b/k?uploads"));
  const header = fc.oneof(fc.string(), fc.constantFrom("%", "/b/%zz", "/b/k"));
  fc.assert(
    fc.property(
      service,
      target,
      body,
      url,
      header,
      fc.constantFrom("GET", "PUT", "POST"),
      (of, operation, sentBody, path, source, method) => {
        const headers = { "x-amz-target": operation, "x-amz-copy-source": source };
        const found = read(of, { method, target: path, headers, body: Buffer.from(sentBody) });
        expect(found.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 1_000 },
  );
});
