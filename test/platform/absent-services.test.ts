import { CloudWatchClient, ListDashboardsCommand } from "@aws-sdk/client-cloudwatch";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { ListLayersCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DeleteScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { type RunningStack, runStack } from "./support/running-stack";

let stack: RunningStack;
beforeAll(async () => {
  stack = await runStack([{ aws_sqs_queue: { q: { name: "queue" } } }]);
});
afterAll(async () => {
  await stack.stop();
});

it.each([
  [
    "IAM",
    () => new IAMClient(stack.client).send(new ListRolesCommand({})),
    /^iam is not emulated locally; there are apigateway, monitoring, .*, sts\. docs\/local\.md says where/,
  ],
  [
    "an operation of CloudWatch's",
    () => new CloudWatchClient(stack.client).send(new ListDashboardsCommand({})),
    /ListDashboards/,
  ],
  [
    "an operation of EventBridge Scheduler's",
    () => new SchedulerClient(stack.client).send(new DeleteScheduleCommand({ Name: "n" })),
    /^The local platform does not serve scheduler DELETE \/schedules\/n/,
  ],
  [
    "an operation of Lambda's",
    () => new LambdaClient(stack.client).send(new ListLayersCommand({})),
    /^The local platform does not serve lambda GET \/2018-10-31\/layers$/,
  ],
])("%s is refused as what is not there, in words its own client reads", async (_, call, message) => {
  await expect(call()).rejects.toMatchObject({
    name: "UnknownOperationException",
    message: expect.stringMatching(message),
  });
});

it("a service that speaks JSON is refused in it", async () => {
  const credential = "Credential=local/20260101/eu-central-1/kms/aws4_request";
  const headers = {
    "x-amz-target": "TrentService.ListKeys",
    authorization: `AWS4-HMAC-SHA256 ${credential}`,
  };
  const answer = await fetch(stack.awsUrl, { method: "POST", headers, body: "{}" });
  expect(await answer.json()).toEqual({
    __type: expect.stringMatching(/#UnknownOperationException$/),
    message: expect.stringMatching(/^kms is not emulated locally; /),
  });
});
