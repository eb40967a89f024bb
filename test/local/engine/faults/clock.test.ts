import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { lambda, newFolder, writeStack } from "../../../platform/support/fixture";
import { endAll, startProcess } from "../../../platform/support/platform-process";
import { until } from "../../../platform/support/until";

afterAll(endAll);

it("moves the clock of the platform and of its functions, but not their timers", async () => {
  const plan = join(newFolder(), "plan.json");
  writeFileSync(plan, JSON.stringify({ seed: 1, clock: [{ at: 0, by: -86_400 }] }));
  const stack = writeStack(
    lambda(
      "clock",
      "exports.handler = async () => [Date.now(), +new Date(), new Date(5).getTime(), new Date() instanceof Date]",
    ),
  );
  const platform = await startProcess(["--stack", stack, "--data", newFolder(), "--faults", plan]);
  const client = new LambdaClient({
    endpoint: platform.awsUrl,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    // A signature is of the platform's time.
    systemClockOffset: -86_400_000,
  });
  const answer = await until(
    async () => {
      const { Payload } = await client.send(new InvokeCommand({ FunctionName: "clock" }));
      return JSON.parse(Payload?.transformToString() ?? "[]") as [number, number, number, boolean];
    },
    ([now]) => typeof now === "number",
  );
  const yesterday = Date.now() - 86_400_000;
  for (const time of answer.slice(0, 2)) expect(Math.abs(Number(time) - yesterday)).toBeLessThan(600_000);
  expect(answer.slice(2)).toEqual([5, true]);
  await platform.end("SIGTERM");
});

it("dates its answers by the clock that jumped, for clients correct theirs by them", async () => {
  const plan = join(newFolder(), "plan.json");
  writeFileSync(plan, JSON.stringify({ seed: 1, clock: [{ at: 0, by: -86_400 }] }));
  const stack = writeStack({ aws_sqs_queue: { q: { name: "queue" } } });
  const platform = await startProcess(["--stack", stack, "--data", newFolder(), "--faults", plan]);
  const unsigned = await fetch(platform.awsUrl);
  const yesterday = Date.now() - 86_400_000;
  expect(Math.abs(Date.parse(unsigned.headers.get("date") ?? "") - yesterday)).toBeLessThan(600_000);
  const sqs = new SQSClient({
    endpoint: platform.awsUrl,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    systemClockOffset: -86_400_000,
    // An answer with another date makes the next signature one of another day, which is refused.
    maxAttempts: 1,
  });
  for (let call = 0; call < 3; call += 1) await sqs.send(new GetQueueUrlCommand({ QueueName: "queue" }));
  await platform.end("SIGTERM");
});
