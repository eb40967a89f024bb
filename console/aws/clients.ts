import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";
import { refuseWrites, type Service } from "./reads";

/** Where AWS is: a local endpoint with its key, or AWS's own with the caller's credentials. */
export type AwsSettings = {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

const REQUEST_MS = 10_000;

type Guard = <Handler>(next: Handler, context: { readonly commandName?: string }) => Handler;

type Guarded = {
  readonly middlewareStack: {
    add: (guard: Guard, options: { readonly step: "initialize"; readonly name: string }) => void;
  };
};

/** A client that calls the operations of `READS` and no other. */
const reading = <C extends Guarded>(service: Service, client: C): C => {
  const guard: Guard = (next, { commandName = "" }) => {
    refuseWrites(service, commandName.replace(/Command$/, ""));
    return next;
  };
  client.middlewareStack.add(guard, { step: "initialize", name: "onlyReads" });
  return client;
};

export const awsClients = (settings: AwsSettings) => {
  const config = { ...settings, maxAttempts: 2, requestHandler: { requestTimeout: REQUEST_MS } };
  return {
    dynamo: reading("dynamodb", new DynamoDBClient(config)),
    sqs: reading("sqs", new SQSClient(config)),
    states: reading("states", new SFNClient(config)),
    cloudwatch: reading("cloudwatch", new CloudWatchClient(config)),
    logs: reading("logs", new CloudWatchLogsClient(config)),
    s3: reading("s3", new S3Client({ ...config, forcePathStyle: true })),
    sts: reading("sts", new STSClient(config)),
  };
};

export type Clients = ReturnType<typeof awsClients>;
