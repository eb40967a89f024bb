import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import { type Pace, turns } from "./pace";
import type { Place } from "./permissions";
import { actionOf, type Service } from "./reads";
import { orUnread } from "./unread";

/** Where AWS is: a local endpoint with its key, or AWS's own with the caller's credentials. */
export type AwsSettings = {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

/** Without the last of these the SDK only warns. On a busy machine a connection takes its time. */
const REQUESTS = { connectionTimeout: 15_000, requestTimeout: 30_000, throwOnRequestTimeout: true };

type Guard = <Args, Answer>(
  next: (args: Args) => Promise<Answer>,
  context: { readonly commandName?: string },
) => (args: Args) => Promise<Answer>;

type Guarded = {
  readonly middlewareStack: {
    add: (guard: Guard, options: { readonly step: "initialize"; readonly name: string }) => void;
  };
};

export const awsClients = (settings: AwsSettings, place: Place, { aSecond }: Pace) => {
  /** A client that calls the operations of `READS` and no other, no oftener than it may, and says why it could not. */
  const reading = <C extends Guarded>(service: Service, client: C): C => {
    const turn = turns(aSecond?.[service]);
    const guard: Guard = (next, { commandName = "" }) => {
      const action = actionOf(service, commandName.replace(/Command$/, ""));
      return async (args) => {
        await turn();
        return next(args).catch((thrown: unknown) => {
          throw orUnread(thrown, action, place);
        });
      };
    };
    client.middlewareStack.add(guard, { step: "initialize", name: "onlyReads" });
    return client;
  };
  const config = { ...settings, maxAttempts: 2, requestHandler: REQUESTS };
  return {
    dynamo: reading("dynamodb", new DynamoDBClient(config)),
    sqs: reading("sqs", new SQSClient(config)),
    states: reading("states", new SFNClient(config)),
    cloudwatch: reading("cloudwatch", new CloudWatchClient(config)),
    logs: reading("logs", new CloudWatchLogsClient(config)),
    s3: reading("s3", new S3Client({ ...config, forcePathStyle: true })),
  };
};

export type Clients = ReturnType<typeof awsClients>;
