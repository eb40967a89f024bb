import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { newFolder, type Resources, writeStack } from "./support/fixture";
import { endAll, type PlatformProcess, runToEnd, startProcess } from "./support/platform-process";
import { until } from "./support/until";

/** The declared alarms, as somebody at the terminal and on Slack sees them. */

afterAll(endAll);

const saying = (platform: PlatformProcess, what: RegExp) =>
  until(
    () => Promise.resolve(platform.output()),
    (output) => what.test(output),
    60_000,
  );

it("ring in the terminal and on Slack, those that were raised alone", async () => {
  const platform = await startProcess(["--data", newFolder(), "--schedule", "off"]);
  const sqs = new SQSClient({
    endpoint: platform.awsUrl,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "local-orders-dlq" }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "dead" }));
  await saying(platform, /alarm {5}local-orders-dead-letters rings\. Threshold Crossed/);
  await saying(platform, /notify {4}\[local\] Alarm: local-orders-dead-letters .*Runbook/);
  expect(platform.output()).not.toMatch(/local-results-missing|local-orders-queue-age|lacks|Warning/);
}, 90_000);

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
