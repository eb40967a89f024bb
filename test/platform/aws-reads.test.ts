import {
  ApiGatewayV2Client,
  GetApisCommand,
  GetIntegrationsCommand,
  GetRoutesCommand,
  GetStagesCommand,
} from "@aws-sdk/client-apigatewayv2";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import {
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
} from "@aws-sdk/client-sfn";
import {
  DescribeParametersCommand,
  GetParameterCommand,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { newFolder } from "./support/fixture";
import { endAll, type PlatformProcess, startProcess } from "./support/platform-process";
import { until } from "./support/until";

/** What somebody looks at with the AWS command line, asked as it asks. */

const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const region = "eu-central-1";
const began = Date.now();
let platform: PlatformProcess;
let config: { endpoint: string; region: string; credentials: typeof credentials };

beforeAll(async () => {
  platform = await startProcess(["--data", newFolder(), "--schedule", "rate(1 second)"]);
  config = { endpoint: platform.awsUrl, region, credentials };
});
afterAll(endAll);

describe("CloudWatch Logs", () => {
  const group = "/aws/lambda/local-fetch-results";

  it("lists groups, filters events a page at a time, and reads a stream to and fro", async () => {
    const logs = new CloudWatchLogsClient(config);
    const all = await until(
      async () =>
        (await logs.send(new FilterLogEventsCommand({ logGroupName: group, startTime: began - 1_000 })))
          .events ?? [],
      (events) => events.length > 3,
    );
    const { logGroups = [] } = await logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: "/aws/lambda/local-f" }),
    );
    expect(logGroups.map(({ logGroupName }) => logGroupName)).toEqual([group]);
    const { logStreams = [] } = await logs.send(new DescribeLogStreamsCommand({ logGroupName: group }));
    expect(logStreams).toMatchObject([{ logStreamName: "local" }]);

    const first = await logs.send(new FilterLogEventsCommand({ logGroupName: group, limit: 2 }));
    const second = await logs.send(
      new FilterLogEventsCommand({
        logGroupName: group,
        limit: 1,
        ...(first.nextToken === undefined ? {} : { nextToken: first.nextToken }),
      }),
    );
    expect([...(first.events ?? []), ...(second.events ?? [])].map(({ eventId }) => eventId)).toEqual(
      all.slice(0, 3).map(({ eventId }) => eventId),
    );
    const none = await logs.send(
      new FilterLogEventsCommand({ logGroupName: group, filterPattern: '{ $.level = "error" }' }),
    );
    expect(none.events).toEqual([]);

    const stream = { logGroupName: group, logStreamName: "local" };
    const head = await logs.send(new GetLogEventsCommand({ ...stream, limit: 2, startFromHead: true }));
    const after = await logs.send(
      new GetLogEventsCommand({ ...stream, limit: 1, nextToken: head.nextForwardToken }),
    );
    const back = await logs.send(
      new GetLogEventsCommand({ ...stream, limit: 1, nextToken: after.nextBackwardToken }),
    );
    const messages = all.map(({ message }) => message);
    expect(head.events?.map(({ message }) => message)).toEqual(messages.slice(0, 2));
    expect(after.events?.map(({ message }) => message)).toEqual(messages.slice(2, 3));
    expect(back.events?.map(({ message }) => message)).toEqual(messages.slice(1, 2));
  });

  it.each([
    ["a group there is none of", { logGroupName: "/aws/lambda/../x" }, /ResourceNotFoundException/],
    [
      "a pattern it does not know",
      { logGroupName: group, filterPattern: "?a ?b" },
      /InvalidParameterException/,
    ],
  ])("refuses %s", async (_, input, name) => {
    const asked = new CloudWatchLogsClient(config).send(new FilterLogEventsCommand(input));
    await expect(asked).rejects.toMatchObject({ name: expect.stringMatching(name) });
  });
});

it("Step Functions tells what an execution went through, and when its machine was made", async () => {
  const states = new SFNClient(config);
  const stateMachineArn = `arn:aws:states:${region}:000000000000:stateMachine:local-orders-results`;
  const [ended] = await until(
    async () =>
      (await states.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: "SUCCEEDED" })))
        .executions ?? [],
    (executions) => executions.length > 0,
  );
  const { events = [] } = await states.send(
    new GetExecutionHistoryCommand({ executionArn: ended?.executionArn }),
  );
  const types = events.map(({ type }) => type);
  expect([types[0], types.at(-1)]).toEqual(["ExecutionStarted", "ExecutionSucceeded"]);
  expect(events).toContainEqual(
    expect.objectContaining({
      type: "TaskStateEntered",
      stateEnteredEventDetails: expect.objectContaining({ name: "FetchResults" }),
    }),
  );
  expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
  const { creationDate } = await states.send(new DescribeStateMachineCommand({ stateMachineArn }));
  expect(creationDate?.getTime()).toBeGreaterThan(began - 60_000);
});

it("Lambda gives the end of an invocation's log back", async () => {
  const invoke = new InvokeCommand({
    FunctionName: "local-fetch-results",
    LogType: "Tail",
    Payload: Buffer.from('{"x":1}'),
  });
  // What a function writes may come after its answer where the machine is busy.
  await until(
    async () =>
      Buffer.from((await new LambdaClient(config).send(invoke)).LogResult ?? "", "base64").toString(),
    (log) => log.includes("results not fetched"),
  );
});

it("SSM lists parameters, and keeps one that is put", async () => {
  const ssm = new SSMClient(config);
  const Name = "/orders/local/new";
  await ssm.send(new PutParameterCommand({ Name, Value: "1", Type: "SecureString" }));
  const again = ssm.send(new PutParameterCommand({ Name, Value: "2", Type: "SecureString" }));
  await expect(again).rejects.toMatchObject({ name: "ParameterAlreadyExists" });
  await ssm.send(new PutParameterCommand({ Name, Value: "2", Type: "SecureString", Overwrite: true }));
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
  expect(Parameter?.Value).toBe("2");
  const { Parameters = [] } = await ssm.send(new DescribeParametersCommand({}));
  expect(Parameters.map((one) => one.Name)).toEqual(["/orders/local/slack-webhook", Name]);
  expect(Parameters[0]?.LastModifiedDate?.getTime()).toBeGreaterThan(began - 60_000);
});

it("EventBridge Scheduler and API Gateway tell what is declared", async () => {
  const scheduler = new SchedulerClient(config);
  const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({}));
  expect(Schedules.map(({ Name }) => Name)).toEqual(["local-results-schedule", "local-sweep-schedule"]);
  expect(await scheduler.send(new GetScheduleCommand({ Name: "local-sweep-schedule" }))).toMatchObject({
    ScheduleExpression: "rate(1 minute)",
    ScheduleExpressionTimezone: "Europe/Berlin",
    State: "ENABLED",
  });
  const unknown = scheduler.send(new GetScheduleCommand({ Name: "none" }));
  await expect(unknown).rejects.toMatchObject({ name: "ResourceNotFoundException" });

  const gateway = new ApiGatewayV2Client(config);
  const { Items: apis = [] } = await gateway.send(new GetApisCommand({}));
  const orders = apis.find(({ Name }) => Name === "local-orders");
  expect(orders?.ApiEndpoint).toBe(platform.apiUrl);
  const of = { ApiId: orders?.ApiId };
  const routes = (await gateway.send(new GetRoutesCommand(of))).Items ?? [];
  expect(routes.map(({ RouteKey }) => RouteKey)).toContain("POST /orders");
  const { Items: integrations = [] } = await gateway.send(new GetIntegrationsCommand(of));
  expect(
    integrations.map(({ IntegrationUri = "" }) => IntegrationUri.replace(/^.*:/, "")).toSorted(),
  ).toEqual(["local-cancel-orders", "local-place-orders", "local-query-orders"]);
  expect((await gateway.send(new GetStagesCommand(of))).Items).toMatchObject([{ StageName: "$default" }]);
});

/** As clients ask that are older than the services' JSON. */
const askInForms = async (service: string, form: Readonly<Record<string, string>>) => {
  const { host, hostname } = new URL(platform.awsUrl);
  const signed = await new SignatureV4({ service, region, credentials, sha256: Sha256 }).sign({
    method: "POST",
    protocol: "http:",
    hostname,
    path: "/",
    headers: { host, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
  });
  const response = await fetch(platform.awsUrl, {
    method: "POST",
    headers: signed.headers,
    body: String(signed.body),
  });
  return { status: response.status, xml: await response.text() };
};

it("CloudWatch answers older clients", async () => {
  const ask = (form: Readonly<Record<string, string>>) => askInForms("monitoring", form);
  const { xml: alarms } = await ask({
    Action: "DescribeAlarms",
    "AlarmNames.member.1": "local-failures",
    "AlarmNames.member.2": "local-api-errors",
  });
  expect(alarms).toMatch(
    /<MetricAlarms><member><AlarmName>local-api-errors.*<member><AlarmName>local-failures.*<\/MetricAlarms>/,
  );
  const { xml: depth } = await until(
    () =>
      ask({
        Action: "GetMetricStatistics",
        Namespace: "AWS/SQS",
        MetricName: "ApproximateNumberOfMessagesVisible",
        "Dimensions.member.1.Name": "QueueName",
        "Dimensions.member.1.Value": "local-orders-failures",
        StartTime: "2020-01-01T00:00:00Z",
        EndTime: "2030-01-01T00:00:00Z",
        Period: "31536000",
        "Statistics.member.1": "Maximum",
      }),
    ({ xml }) => xml.includes("<member>"),
  );
  expect(depth).toMatch(
    /<Datapoints><member><Timestamp>\d+<\/Timestamp><Unit>None<\/Unit><Maximum>0<\/Maximum>/,
  );
  const { status, xml: refused } = await ask({ Action: "ListDashboards" });
  expect([status, refused]).toEqual([400, expect.stringContaining("<Code>UnknownOperationException</Code>")]);
});

describe("SQS in the protocol of older clients", () => {
  const ask = (form: Readonly<Record<string, string>>) =>
    askInForms("sqs", { Version: "2012-11-05", ...form });

  it("sends, receives, counts and deletes", async () => {
    const { xml: listed } = await ask({ Action: "ListQueues", QueueNamePrefix: "local-orders-dlq" });
    const [, QueueUrl = ""] = /<ListQueuesResult><QueueUrl>(.*?)<\/QueueUrl>/.exec(listed) ?? [];
    expect(QueueUrl).toMatch(/\/000000000000\/local-orders-dlq$/);
    expect((await ask({ Action: "SendMessage", QueueUrl, MessageBody: "a & <b>" })).xml).toMatch(
      /<SendMessageResult>.*<MessageId>/,
    );
    const { xml: counted } = await ask({ Action: "GetQueueAttributes", QueueUrl, "AttributeName.1": "All" });
    expect(counted).toContain(
      "<Attribute><Name>ApproximateNumberOfMessages</Name><Value>1</Value></Attribute>",
    );
    const { xml: received } = await ask({ Action: "ReceiveMessage", QueueUrl, MaxNumberOfMessages: "1" });
    expect(received).toMatch(/<Message>.*<Body>a &amp; &lt;b&gt;<\/Body>/);
    const [, ReceiptHandle = ""] = /<ReceiptHandle>(.*?)</.exec(received) ?? [];
    expect((await ask({ Action: "DeleteMessage", QueueUrl, ReceiptHandle })).status).toBe(200);
  });

  it.each([
    [{ Action: "GetQueueUrl", QueueName: "none" }, /<Code>.*NonExistentQueue<\/Code>/],
    [
      { Action: "SendMessageBatch", QueueUrl: "http://127.0.0.1/000000000000/local-orders" },
      /needs a client of the JSON protocol/,
    ],
  ])("says what is wrong with %j", async (form, message) => {
    const { status, xml } = await ask(form);
    expect(status).toBe(400);
    expect(xml).toMatch(message);
  });
});
