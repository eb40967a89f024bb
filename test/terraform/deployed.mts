import { ApiGatewayV2Client, GetRoutesCommand, GetApisCommand } from "@aws-sdk/client-apigatewayv2";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { IAMClient, ListRolePoliciesCommand } from "@aws-sdk/client-iam";
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from "@aws-sdk/client-lambda";
import {
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { DescribeStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { ListSubscriptionsByTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { budgetCheck } from "./deployed-budget.mts";
import { expect, same } from "./report.mts";

/** Looks at what was deployed as an operator would, through the AWS SDK, not through Terraform's state. */

type Outputs = Readonly<Record<string, string>>;
export type Check = { readonly name: string; readonly look: () => Promise<void> };

export const deployedChecks = (
  environment: string,
  endpoint: string,
  outputs: Outputs,
): ReadonlyArray<Check> => {
  const config = {
    endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const isProd = environment === "prod";
  const {
    orders_table: table = "",
    orders_queue: queue = "",
    archive_bucket: bucket = "",
    notifications_topic: topic = "",
    results_state_machine: machine = "",
    api_endpoint: api = "",
    order_changes_topic: changes,
  } = outputs;
  const tellsChanges = changes !== undefined;
  return [
    {
      name: "table: key, indexes, protection",
      look: async () => {
        const { Table } = await new DynamoDBClient(config).send(
          new DescribeTableCommand({ TableName: table }),
        );
        same("key", Table?.KeySchema, [{ AttributeName: "order_id", KeyType: "HASH" }]);
        same("indexes", Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName).sort(), [
          "decided",
          "delivered",
          "in-flight",
          "listed",
        ]);
        same("billing", Table?.BillingModeSummary?.BillingMode, "PAY_PER_REQUEST");
        same("deletion protection", Table?.DeletionProtectionEnabled, isProd);
      },
    },
    {
      name: "queue: redrive to its dead-letter queue, encryption",
      look: async () => {
        const { Attributes } = await new SQSClient(config).send(
          new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ["All"] }),
        );
        const redrive = JSON.parse(Attributes?.["RedrivePolicy"] ?? "{}") as {
          deadLetterTargetArn?: string;
          maxReceiveCount?: number;
        };
        same(
          "dead-letter queue",
          redrive.deadLetterTargetArn?.split(":").at(-1),
          `${environment}-orders-dlq`,
        );
        same("deliveries", Number(redrive.maxReceiveCount), 10);
        same("encryption", Attributes?.["SqsManagedSseEnabled"], "true");
      },
    },
    {
      name: "bucket: encryption, versioning, closed to the public",
      look: async () => {
        const s3 = new S3Client({ ...config, forcePathStyle: true });
        const { ServerSideEncryptionConfiguration } = await s3.send(
          new GetBucketEncryptionCommand({ Bucket: bucket }),
        );
        same(
          "encryption",
          ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
          "AES256",
        );
        same(
          "versioning",
          (await s3.send(new GetBucketVersioningCommand({ Bucket: bucket }))).Status,
          "Enabled",
        );
        const { PublicAccessBlockConfiguration: block } = await s3.send(
          new GetPublicAccessBlockCommand({ Bucket: bucket }),
        );
        same(
          "public access",
          [
            block?.BlockPublicAcls,
            block?.BlockPublicPolicy,
            block?.IgnorePublicAcls,
            block?.RestrictPublicBuckets,
          ],
          [true, true, true, true],
        );
      },
    },
    {
      name: "functions: runtime, variables, role and its policies",
      look: async () => {
        const { Runtime, Architectures, Environment, Role } = await new LambdaClient(config).send(
          new GetFunctionConfigurationCommand({ FunctionName: `${environment}-submit-orders` }),
        );
        same("runtime", [Runtime, Architectures], ["nodejs22.x", ["arm64"]]);
        same("table", Environment?.Variables?.["ORDERS_TABLE"], table);
        same("auction", Environment?.Variables?.["AUCTION_AUTH"], isProd ? "key" : "iam");
        same("role", Role?.split("/").at(-1), `${environment}-submit-orders`);
        const { PolicyNames } = await new IAMClient({ ...config, region: "us-east-1" }).send(
          new ListRolePoliciesCommand({ RoleName: `${environment}-submit-orders` }),
        );
        same(
          "policies",
          PolicyNames?.sort(),
          [
            isProd ? "auction-key" : "auction-api-post",
            "checkpoints-table-get",
            "logs",
            "notifications-publish",
            "orders-queue-consume",
            "orders-queue-postpone",
            "orders-table-batch-get",
            "orders-table-change",
            "orders-table-update",
            "tracing",
          ].sort(),
        );
      },
    },
    {
      name: "API: routes and who may call them",
      look: async () => {
        const client = new ApiGatewayV2Client(config);
        const { Items } = await client.send(new GetApisCommand({}));
        const id = Items?.find(({ Name }) => Name === `${environment}-orders`)?.ApiId;
        expect(api.includes(String(id)), `the output ${api} is not the API ${String(id)}`);
        const { Items: routes } = await client.send(new GetRoutesCommand({ ApiId: id }));
        same(
          "routes",
          routes?.map(({ RouteKey, AuthorizationType }) => `${RouteKey} ${AuthorizationType}`).sort(),
          [
            "DELETE /orders/{order_id} AWS_IAM",
            "GET /health AWS_IAM",
            "GET /orders AWS_IAM",
            "GET /orders/{order_id} AWS_IAM",
            "POST /orders AWS_IAM",
          ],
        );
      },
    },
    {
      name: "state machine: definition",
      look: async () => {
        const { definition } = await new SFNClient(config).send(
          new DescribeStateMachineCommand({ stateMachineArn: machine }),
        );
        const { StartAt, States } = JSON.parse(definition ?? "{}") as {
          StartAt?: string;
          States?: Record<string, { Parameters?: { FunctionName?: string } }>;
        };
        same("first state", StartAt, "IsReplay");
        same(
          "function",
          States?.["ArchiveResults"]?.Parameters?.FunctionName?.split(":").at(-1),
          `${environment}-archive-results`,
        );
      },
    },
    {
      name: "schedules: expression, time zone, state",
      look: async () => {
        const schedule = await new SchedulerClient(config).send(
          new GetScheduleCommand({ Name: `${environment}-results-schedule` }),
        );
        same(
          "schedule",
          [
            schedule.ScheduleExpression,
            schedule.ScheduleExpressionTimezone,
            schedule.State,
            schedule.Target?.Arn,
          ],
          ["cron(0/10 8 * * ? *)", "Europe/Berlin", "ENABLED", machine],
        );
      },
    },
    {
      name: "topic: subscriptions",
      look: async () => {
        const { Subscriptions } = await new SNSClient(config).send(
          new ListSubscriptionsByTopicCommand({ TopicArn: topic }),
        );
        same(
          "subscriptions",
          Subscriptions?.map(({ Protocol, Endpoint }) => [Protocol, Endpoint?.split(":").at(-1)]),
          [["lambda", `${environment}-notify-slack`]],
        );
      },
    },
    ...(tellsChanges
      ? [
          {
            name: "changes of orders: the stream, who follows it, and the topic's queue",
            look: async () => {
              const { Table } = await new DynamoDBClient(config).send(
                new DescribeTableCommand({ TableName: table }),
              );
              same("images", Table?.StreamSpecification?.StreamViewType, "NEW_AND_OLD_IMAGES");
              const { EventSourceMappings } = await new LambdaClient(config).send(
                new ListEventSourceMappingsCommand({ EventSourceArn: Table?.LatestStreamArn }),
              );
              same(
                "followed by",
                EventSourceMappings?.map(({ FunctionArn }) => FunctionArn?.split(":").at(-1)),
                [`${environment}-publish-changes`],
              );
              const { Subscriptions } = await new SNSClient(config).send(
                new ListSubscriptionsByTopicCommand({ TopicArn: changes }),
              );
              same(
                "subscriptions",
                Subscriptions?.map(({ Protocol, Endpoint }) => [Protocol, Endpoint?.split(":").at(-1)]),
                [["sqs", "order-changes-for-booking"]],
              );
            },
          },
        ]
      : []),
    budgetCheck(environment, endpoint, topic),
    {
      name: "alarms: one for every way to get stuck, telling the alarms topic",
      look: async () => {
        const { MetricAlarms } = await new CloudWatchClient(config).send(
          new DescribeAlarmsCommand({ AlarmNamePrefix: `${environment}-`, MaxRecords: 100 }),
        );
        same("alarms", MetricAlarms?.length, tellsChanges ? 7 : 6);
        expect(
          MetricAlarms?.every(({ AlarmActions }) =>
            AlarmActions?.[0]?.endsWith(`:${environment}-orders-alarms`),
          ) ?? false,
          "an alarm tells nobody",
        );
      },
    },
  ];
};
