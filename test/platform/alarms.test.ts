import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { httpApi, lambda, newFolder, type Resources, writeStack } from "./support/fixture";
import { runStack } from "./support/running-stack";
import { endAll, type PlatformProcess, runToEnd, startProcess } from "./support/platform-process";
import { until } from "./support/until";

/** The declared alarms, as somebody at the terminal and on Slack sees them. */

afterAll(endAll);

const saying = (platform: PlatformProcess, what: RegExp) =>
  until(
    () => Promise.resolve(platform.output()),
    (output) => what.test(output),
  );

it("ring in the terminal and on Slack, those that were raised alone, and are set by hand", async () => {
  const platform = await startProcess(["--data", newFolder(), "--schedule", "off"]);
  const config = {
    endpoint: platform.awsUrl,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
  const sqs = new SQSClient(config);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "local-orders-dlq" }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "dead" }));
  await saying(platform, /alarm {5}local-orders-dead-letters rings\. Threshold Crossed/);
  await saying(platform, /notify {4}\[local\] Alarm: local-orders-dead-letters .*Runbook/);
  expect(platform.output()).not.toMatch(/local-results-missing|local-orders-queue-age|lacks|Warning/);

  const cloudwatch = new CloudWatchClient(config);
  const AlarmName = "local-orders-dead-letters";
  const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ StateValue: "ALARM" }));
  expect(MetricAlarms).toMatchObject([
    {
      AlarmName,
      StateReason: expect.stringMatching(/^Threshold Crossed: 1 out of the last 1 datapoints \[1\.0/),
      Dimensions: [{ Name: "QueueName", Value: "local-orders-dlq" }],
      TreatMissingData: "notBreaching",
    },
  ]);
  const set = (name: string) =>
    cloudwatch.send(new SetAlarmStateCommand({ AlarmName: name, StateValue: "OK", StateReason: "Trying." }));
  await set(AlarmName);
  await saying(platform, /notify {4}\[local\] Alarm over: local-orders-dead-letters .*Trying\./);
  const { AlarmHistoryItems = [] } = await cloudwatch.send(new DescribeAlarmHistoryCommand({ AlarmName }));
  const told = AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary);
  expect(told).toContain("Alarm updated from ALARM to OK");
  expect(told).not.toContain("Alarm updated from INSUFFICIENT_DATA to INSUFFICIENT_DATA");
  await expect(set("none")).rejects.toMatchObject({ name: "ResourceNotFound" });
});

describe("metrics", () => {
  const source = `exports.handler = async ({ rawPath, value }) => {
    if (value !== undefined) console.log(JSON.stringify({
      environment: "local", Failed: value, _aws: { Timestamp: Date.now(), CloudWatchMetrics: [
        { Namespace: "N", Dimensions: [["environment"]], Metrics: [{ Name: "Failed" }] }] } }));
    return { statusCode: Number(rawPath?.slice(1) ?? 200) };
  };`;

  it("are what an API answered and what functions embed in their logs", async () => {
    const stack = await runStack([lambda("f", source), httpApi({ "ANY /{status}": { target: "f" } })]);
    try {
      const functions = new LambdaClient(stack.client);
      for (const value of [2, 3])
        await functions.send(
          new InvokeCommand({ FunctionName: "f", Payload: Buffer.from(JSON.stringify({ value })) }),
        );
      for (const status of [200, 404, 404, 503]) await fetch(`${String(stack.apiUrl)}/${status}`);

      const cloudwatch = new CloudWatchClient(stack.client);
      const { Metrics = [] } = await cloudwatch.send(new ListMetricsCommand({}));
      const values = await Promise.all(
        Metrics.filter(({ Namespace }) => Namespace !== "AWS/SQS").map(async (metric) => {
          const { Datapoints = [] } = await cloudwatch.send(
            new GetMetricStatisticsCommand({
              ...metric,
              Namespace: metric.Namespace,
              MetricName: metric.MetricName,
              StartTime: new Date(Date.now() - 3_600_000),
              EndTime: new Date(Date.now() + 3_600_000),
              Period: 86_400,
              Statistics: ["Sum", "SampleCount"],
            }),
          );
          const sum = (name: "Sum" | "SampleCount") =>
            Datapoints.reduce((total, point) => total + (point[name] ?? 0), 0);
          return [metric.MetricName, sum("Sum"), sum("SampleCount")];
        }),
      );
      expect(values).toEqual(
        expect.arrayContaining([
          ["Failed", 5, 2],
          ["Count", 4, 4],
          ["4xx", 2, 4],
          ["5xx", 1, 4],
        ]),
      );
      const asked = {
        Namespace: "N",
        MetricName: "Failed",
        Dimensions: [{ Name: "environment", Value: "local" }],
        StartTime: new Date(Date.now() - 3_600_000),
        EndTime: new Date(Date.now() + 3_600_000),
        Period: 86_400,
      };
      const ask = (statistics: object) =>
        cloudwatch.send(new GetMetricStatisticsCommand({ ...asked, ...statistics }));
      const { Datapoints = [] } = await ask({ ExtendedStatistics: ["p50", "p95"] });
      expect(Datapoints[0]?.ExtendedStatistics).toEqual({ p50: 2, p95: 3 });
      for (const refused of [
        { ExtendedStatistics: ["p101"] },
        {},
        { Statistics: ["Sum"], ExtendedStatistics: ["p50"] },
      ])
        await expect(ask(refused)).rejects.toThrow(/ExtendedStatistics/);
    } finally {
      await stack.stop();
    }
  });
});

const alarm = (changes: object): Resources => ({
  aws_cloudwatch_metric_alarm: {
    one: {
      alarm_name: "one",
      comparison_operator: "GreaterThanThreshold",
      evaluation_periods: 1,
      threshold: 0,
      namespace: "AWS/SQS",
      metric_name: "ApproximateAgeOfOldestMessage",
      dimensions: { QueueName: "q" },
      statistic: "Maximum",
      period: 60,
      ...changes,
    },
  },
});

it.each([
  [
    { namespace: "AWS/EC2", metric_name: "CPUUtilization" },
    /one: the local platform does not count AWS\/EC2 CPUUtilization\n$/,
  ],
  [{ metric_name: "Depth" }, /one: the local platform does not count AWS\/SQS Depth\n$/],
  [{ statistic: "p99" }, /one: statistic: expected "Sum" or "Maximum"/],
  [
    { alarm_actions: ["arn:aws:lambda:eu-central-1:1:function:f"] },
    /one: the local platform tells topics only, not arn:aws:lambda/,
  ],
  [
    { metric_query: [{ id: "a", expression: "SEARCH('x')", return_data: true }] },
    /one: metric_query a: SEARCH\('x'\): the local platform does not compute 'x'\n$/,
  ],
])("that cannot be evaluated are refused at the start: %j", async (changes, message) => {
  const { code, stderr } = await runToEnd(["--stack", writeStack(alarm(changes)), "--data", newFolder()]);
  expect(stderr).toMatch(message);
  expect(code).not.toBe(0);
});
