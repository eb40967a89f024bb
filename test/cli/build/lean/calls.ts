import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PublishBatchCommand, PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { ChangeMessageVisibilityBatchCommand, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

/** A client for each case: each has its own account of how often it may try again. */
export const CLIENTS = {
  dynamodb: () => new DynamoDBClient({}),
  s3: () => new S3Client({ forcePathStyle: true }),
  sns: () => new SNSClient({}),
  sqs: () => new SQSClient({}),
  ssm: () => new SSMClient({}),
};
export type Service = keyof typeof CLIENTS;

type Call = {
  readonly service: Service;
  /** @param name of the case, which is somewhere in the request */
  readonly send: (name: string) => Promise<object>;
  /** What the service answers where all went well. */
  readonly answer: string;
};

const KEY = { order_id: { N: "1" } };
const ITEM = { ...KEY, product: { S: "Süd" }, binary: { B: "AAEC" }, tags: { SS: ["a", "b"] } };
const queueUrl = (name: string): string => `${process.env["AWS_ENDPOINT_URL"] ?? ""}/000000000000/${name}`;

/** Each command that the functions send, once. */
export const CALLS = {
  BatchExecuteStatementCommand: {
    service: "dynamodb",
    send: (name) =>
      CLIENTS.dynamodb().send(
        new BatchExecuteStatementCommand({
          Statements: [
            { Statement: `INSERT INTO "${name}" VALUE {'order_id': ?}`, Parameters: [{ N: "1" }] },
          ],
        }),
      ),
    answer: JSON.stringify({
      Responses: [{ TableName: "orders", Error: { Code: "DuplicateItem", Message: "there", Item: ITEM } }],
    }),
  },
  BatchGetItemCommand: {
    service: "dynamodb",
    send: (name) =>
      CLIENTS.dynamodb().send(
        new BatchGetItemCommand({ RequestItems: { [name]: { Keys: [KEY], ConsistentRead: true } } }),
      ),
    answer: JSON.stringify({ Responses: { orders: [ITEM] }, UnprocessedKeys: {} }),
  },
  GetItemCommand: {
    service: "dynamodb",
    send: (TableName) => CLIENTS.dynamodb().send(new GetItemCommand({ TableName, Key: KEY })),
    answer: JSON.stringify({ Item: ITEM }),
  },
  PutItemCommand: {
    service: "dynamodb",
    send: (TableName) =>
      CLIENTS.dynamodb().send(
        new PutItemCommand({ TableName, Item: { ...KEY, bytes: { B: new Uint8Array([1, 2]) } } }),
      ),
    answer: "{}",
  },
  QueryCommand: {
    service: "dynamodb",
    send: (TableName) =>
      CLIENTS.dynamodb().send(
        new QueryCommand({ TableName, Limit: 5, ExpressionAttributeValues: { ":s": { S: "received" } } }),
      ),
    answer: JSON.stringify({ Items: [ITEM], Count: 1, LastEvaluatedKey: KEY }),
  },
  UpdateItemCommand: {
    service: "dynamodb",
    send: (TableName) =>
      CLIENTS.dynamodb().send(new UpdateItemCommand({ TableName, Key: KEY, ReturnValues: "ALL_NEW" })),
    answer: JSON.stringify({ Attributes: ITEM }),
  },
  SendMessageBatchCommand: {
    service: "sqs",
    send: (name) =>
      CLIENTS.sqs().send(
        new SendMessageBatchCommand({ QueueUrl: queueUrl(name), Entries: [{ Id: "1", MessageBody: "{}" }] }),
      ),
    // With the digest of the message's body, which the client checks.
    answer: JSON.stringify({
      Successful: [{ Id: "1", MessageId: "m", MD5OfMessageBody: "99914b932bd37a50b983c5e7c90ae93b" }],
      Failed: [],
    }),
  },
  ChangeMessageVisibilityBatchCommand: {
    service: "sqs",
    send: (name) =>
      CLIENTS.sqs().send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: queueUrl(name),
          Entries: [{ Id: "1", ReceiptHandle: "r", VisibilityTimeout: 3 }],
        }),
      ),
    answer: JSON.stringify({ Successful: [], Failed: [{ Id: "1", SenderFault: true, Code: "InvalidId" }] }),
  },
  PublishCommand: {
    service: "sns",
    send: (name) =>
      CLIENTS.sns().send(
        new PublishCommand({
          TopicArn: `arn:aws:sns:eu-central-1:000000000000:${name}`,
          Message: "1 order rejected",
          MessageAttributes: { kind: { DataType: "String", StringValue: "rejected" } },
        }),
      ),
    answer:
      '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m</MessageId></PublishResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishResponse>',
  },
  PublishBatchCommand: {
    service: "sns",
    send: (name) =>
      CLIENTS.sns().send(
        new PublishBatchCommand({
          TopicArn: `arn:aws:sns:eu-central-1:000000000000:${name}`,
          PublishBatchRequestEntries: [
            {
              Id: "0",
              Message: "{}",
              MessageAttributes: { kind: { DataType: "String", StringValue: "placed" } },
            },
          ],
        }),
      ),
    answer:
      '<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult><Successful></Successful><Failed><member><Id>0</Id><Code>InternalError</Code><SenderFault>false</SenderFault></member></Failed></PublishBatchResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishBatchResponse>',
  },
  GetParameterCommand: {
    service: "ssm",
    send: (Name) => CLIENTS.ssm().send(new GetParameterCommand({ Name, WithDecryption: true })),
    answer: JSON.stringify({ Parameter: { Name: "n", Value: "v", Version: 1, LastModifiedDate: 1.5e9 } }),
  },
  PutObjectCommand: {
    service: "s3",
    send: (name) =>
      CLIENTS.s3().send(
        new PutObjectCommand({
          Bucket: "orders-archive",
          Key: `results/dt=2026-01-01/${name} ü.json`,
          Body: "{}",
          ContentType: "application/json",
          IfNoneMatch: "*",
        }),
      ),
    answer: "",
  },
  GetObjectCommand: {
    service: "s3",
    send: async (Key) => {
      const { Body, ...rest } = await CLIENTS.s3().send(
        new GetObjectCommand({ Bucket: "orders-archive", Key }),
      );
      return { ...rest, text: await Body?.transformToString() };
    },
    answer: '{"results":true}',
  },
} satisfies Record<string, Call>;
export type Command = keyof typeof CALLS;
