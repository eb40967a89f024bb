import {
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { newFolder } from "./support/fixture";
import { endAll, type PlatformProcess, startProcess } from "./support/platform-process";
import { until } from "./support/until";
import { runCommand } from "../support/process";

/** The redrive command as an operator runs it, on the dead-letter queue of a running platform. */

let platform: PlatformProcess;
let sqs: SQSClient;
let deadLetters: string;

beforeAll(async () => {
  platform = await startProcess(["--data", newFolder(), "--schedule", "off"]);
  sqs = new SQSClient({
    endpoint: platform.awsUrl,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const { QueueUrl = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName: "local-orders-dlq" }));
  deadLetters = QueueUrl;
});
afterAll(endAll);

const redrive = (...args: string[]) => runCommand("redrive", args);

const put = async (body: string): Promise<void> => {
  await sqs.send(new SendMessageCommand({ QueueUrl: deadLetters, MessageBody: body }));
};

describe("redrive", () => {
  it("shows what is dead, by reason and age, and leaves it there", async () => {
    for (let id = 1; id <= 12; id += 1) await put(JSON.stringify({ order_id: id, request_id: "r" }));
    await put("garbage");
    const { stdout, code } = await redrive("local", "--endpoint", platform.awsUrl, "--dry-run");
    expect(stdout).toContain("local-orders-dlq: 13 messages");
    expect(stdout).toMatch(/ 12 {2}submission failed as often as the queue delivers, the oldest \d+ s old/);
    expect(stdout).toMatch(/ 1 {2}not an order message \(/);
    expect(code).toBe(1);
  });

  it("moves back what can be, and keeps the rest with its reason", async () => {
    const { stdout, code } = await redrive("--endpoint", platform.awsUrl);
    expect(stdout).toContain("12 messages moved back to local-orders\n1 message left in local-orders-dlq:");
    expect(code).toBe(1);
    const left = await until(
      async () =>
        (
          await sqs.send(
            new ReceiveMessageCommand({
              QueueUrl: deadLetters,
              MaxNumberOfMessages: 10,
              VisibilityTimeout: 5,
            }),
          )
        ).Messages ?? [],
      (messages) => messages.length > 0,
    );
    expect(left.map(({ Body }) => Body)).toEqual(["garbage"]);
  });

  it.each([
    [
      "an environment there is none of",
      ["nowhere"],
      /there is no environment nowhere; there are dev, local, prod, staging/,
    ],
    ["no environment", [], /expected an ENVIRONMENT; see npm run redrive -- --help/],
    ["an endpoint where nobody is", ["local", "--endpoint", "http://127.0.0.1:9"], /ECONNREFUSED/],
  ])("says in one line what is wrong with %s", async (_, args, message) => {
    const { stderr, code } = await redrive(...args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(code).toBe(2);
  });
});
