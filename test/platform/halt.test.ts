import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type AttributeValue, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { runCommand } from "../support/process";
import { newFolder } from "./support/fixture";
import { synthesizeLocal } from "./support/local-environment";
import { endAll, type PlatformProcess, startProcess } from "./support/platform-process";
import { until } from "./support/until";

/** Trading is halted and resumed by the commands of an operator, on a running platform with orders on their way. */

const ORDERS = 60;
const GATED = 5;

const AWS = { region: "eu-central-1", credentials: { accessKeyId: "local", secretAccessKey: "local" } };
const data = newFolder();
let platform: PlatformProcess;

beforeAll(async () => {
  const stack = synthesizeLocal((environment) => ({
    ...environment,
    auction: {
      type: "simulator",
      seed: "halt",
      acceptance: 1,
      refusal: 0,
      // As long as the simulator may take.
      result_delay_seconds: { min: 20, max: 21 },
    },
    // So long that only the resume can be why an order is queued again.
    orders: { ...environment.orders, stuck_after_seconds: 3_600 },
    functions: {
      ...environment.functions,
      "place-orders": { memory_mb: 512, timeout_seconds: 29 },
      "submit-orders": { memory_mb: 256, timeout_seconds: 25 },
      // A busy machine is no time-out.
      "auction-simulator": { memory_mb: 256, timeout_seconds: 20 },
    },
    schedules: { ...environment.schedules, sweep: { ...environment.schedules.sweep, enabled: false } },
    submissions_at_once: 2,
  }));
  // The auction takes orders one by one, and a second for each: a halt comes in the midst of them.
  const faults = join(newFolder(), "slow.json");
  writeFileSync(
    faults,
    JSON.stringify({
      seed: 1,
      calls: [{ service: "execute-api", operation: "POST /orders", latency: { ms: 1_000 } }],
    }),
  );
  platform = await startProcess(["--data", data, "--stack", stack, "--faults", faults]);
});
afterAll(endAll);

const post = (orders: ReadonlyArray<object>): Promise<Response> =>
  fetch(`${platform.apiUrl}/orders`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ orders }),
  });

/** Posts until they are stored, which is safe, and takes its time on a busy machine. */
const place = (some: ReadonlyArray<object>) =>
  until(
    async () => (await post(some)).status,
    (status) => status === 201,
  );

const order = (order_id: number) => ({ order_id, product: "Product1", power: 1 });
const orders = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => order(first + index));

const health = async (): Promise<unknown> => (await fetch(`${platform.apiUrl}/health`)).json();

const say = (command: "halt" | "resume", ...args: string[]) =>
  runCommand(command, ["local", ...args, "--endpoint", platform.awsUrl]);

const dynamo = () => new DynamoDBClient({ ...AWS, endpoint: platform.awsUrl });

const items = async (TableName: string): Promise<ReadonlyArray<Readonly<Record<string, AttributeValue>>>> => {
  const { Items = [] } = await dynamo().send(new ScanCommand({ TableName, ConsistentRead: true }));
  return Items;
};

/** How many orders the simulated auction was sent. */
const sent = async (): Promise<number> =>
  (await items("local-auction-ledger")).filter(({ product }) => product !== undefined).length;

const count = async (status: string): Promise<number> =>
  (await items("local-orders")).filter((item) => item["status"]?.S === status).length;

/** Messages that are there, whether or not somebody has them. */
const messages = async (queue: string): Promise<number> => {
  const { Attributes = {} } = await new SQSClient({ ...AWS, endpoint: platform.awsUrl }).send(
    new GetQueueAttributesCommand({
      QueueUrl: `${platform.awsUrl}/000000000000/${queue}`,
      AttributeNames: ["All"],
    }),
  );
  return ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"].reduce(
    (sum, name) => sum + Number(Attributes[name as keyof typeof Attributes] ?? 0),
    0,
  );
};

const told = (): string => {
  const file = join(data, "notifications.jsonl");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
};

it("nothing is sent during a halt, nothing is lost, and everything is sent or expires once it is over", async () => {
  await place(orders(1, ORDERS));
  await until(sent, (some) => some > 0);
  const halted = await say("halt", "the desk: prices are wrong");
  expect(halted).toMatchObject({ code: 0, stdout: expect.stringContaining("local: halted.") });
  await sleep(2_000);

  // What was on its way has arrived; every message is done, and none of them is a dead letter.
  const before = await until(
    async () => ({ sent: await sent(), left: await messages("local-orders") }),
    ({ left }) => left === 0,
  );
  expect(before.sent).toBeLessThan(ORDERS);
  expect(await health()).toEqual({
    status: "ok",
    halted: {
      since: expect.stringMatching(/^\d{4}-.*Z$/),
      reason: "the desk: prices are wrong",
      intake: "open",
    },
  });
  await until(told, (text) => text.includes("Trading halted") && text.includes("prices are wrong"));

  // Orders are taken meanwhile, until somebody refuses them, and again after that.
  await place(orders(1_001, 10));
  expect(await say("halt", "again")).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/halted already, since .*prices are wrong/),
  });
  const smoke = ["local", "--api", platform.apiUrl, "--endpoint", platform.awsUrl];
  expect(await runCommand("smoke", smoke)).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(
      /^failed +health .*halted since .*\(the desk: prices are wrong\).*npm run resume/m,
    ),
  });
  expect(await say("halt", "the desk: all wrong", "--refuse-intake")).toMatchObject({ code: 0 });
  const refused = await post(orders(2_001, 1));
  expect({
    status: refused.status,
    after: refused.headers.get("retry-after"),
    body: await refused.json(),
  }).toEqual({
    status: 503,
    after: "60",
    body: expect.objectContaining({ detail: expect.stringContaining("the desk: all wrong") }),
  });
  expect(await say("halt", "the desk: prices are wrong")).toMatchObject({ code: 0 });
  const gate = Date.now() + 60_000;
  const gated = orders(3_001, GATED).map((one) => ({ ...one, valid_until: new Date(gate).toISOString() }));
  await place(gated);
  await until(
    () => messages("local-orders"),
    (left) => left === 0,
  );
  await sleep(Math.max(gate - Date.now(), 0));
  expect({ sent: await sent(), dead: await messages("local-orders-dlq") }).toEqual({
    sent: before.sent,
    dead: 0,
  });

  const resumed = await say("resume", "the desk: prices are right");
  expect(resumed).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /resumed, after a halt since .*\n(\d+ waiting orders queued so far …\n)*\d+ waiting orders queued\n$/,
    ),
  });
  await until(
    () => count("accepted"),
    (accepted) => accepted === ORDERS + 10,
  );
  expect(await count("expired")).toBe(GATED);
  expect({ sent: await sent(), dead: await messages("local-orders-dlq") }).toEqual({
    sent: ORDERS + 10,
    dead: 0,
  });
  expect(await health()).toEqual({ status: "ok" });
  await until(told, (text) => text.includes("Trading resumed") && text.includes("prices are right"));
  expect(await say("resume", "again")).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/not halted, resumed at .*prices are right/),
  });
});

it.each([
  ["no reason", ["local", " "], /expected who and why/],
  ["a reason nobody can read", ["local", "a\u200Bb"], /expected who and why/],
  ["an environment there is none of", ["nowhere", "why"], /there is no environment nowhere/],
  [
    "an endpoint where nobody is",
    ["local", "why", "--endpoint", "http://127.0.0.1:9"],
    /nothing answers there/,
  ],
])("the commands say in one line what is wrong with %s", async (_, args, message) => {
  for (const command of ["halt", "resume"]) {
    const { code, stderr } = await runCommand(command, args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
    expect(stderr).toMatch(/^[^\n]+\n$/);
  }
});
