import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ScanCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListBucketsCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import * as t from "io-ts";
import { newFolder } from "./support/fixture";
import { jsonLines } from "./support/json-lines";
import { endAll, type PlatformProcess, startProcess } from "./support/platform-process";
import { ask, postOrders } from "./support/ask";
import { until } from "./support/until";

/** The system that environments/local.json declares, started and used as a user does. */

const Orders = t.type({
  orders: t.array(t.type({ order_id: t.number, product: t.string, power: t.number })),
});
const Outcomes = t.type({ orders: t.array(t.type({ order_id: t.number, outcome: t.string })) });
const Stored = t.type({ order_id: t.number, status: t.string });

const example = readFileSync("test/fixtures/orders.json", "utf8");

const decoded = <A>(codec: t.Type<A>, value: unknown): A => {
  if (!codec.is(value)) throw new Error(`unexpected: ${JSON.stringify(value)}`);
  return value;
};

const orders = decoded(Orders, JSON.parse(example)).orders;

/** Fails with the line the platform printed for a role that lacks a grant: that is what is wrong, whatever follows. */
const expectNothingDenied = (platform: PlatformProcess): void => {
  const denied = platform
    .output()
    .split("\n")
    .find((line) => line.includes(" lacks: "));
  if (denied !== undefined) throw new Error(denied);
};

const post = async (platform: PlatformProcess, some: ReadonlyArray<object>) => {
  const response = await postOrders(platform.apiUrl, some);
  expectNothingDenied(platform);
  return { status: response.status, body: decoded(Outcomes, await response.json()) };
};

const statusOf = async ({ apiUrl }: PlatformProcess, id: number): Promise<string> =>
  decoded(Stored, await (await ask(`${apiUrl}/orders/${id}`)).json()).status;

/** The statuses of orders once each has a decision; one is asked for after the other, as most get it at once. */
const decisions = async (
  platform: PlatformProcess,
  ids: ReadonlyArray<number>,
): Promise<ReadonlyArray<string>> => {
  const statuses: string[] = [];
  for (const id of ids)
    statuses.push(
      await until(
        () => {
          expectNothingDenied(platform);
          return statusOf(platform, id);
        },
        (status) => status === "accepted" || status === "rejected",
      ),
    );
  return statuses;
};

const client = ({ awsUrl }: PlatformProcess) => ({
  endpoint: awsUrl,
  region: "eu-central-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});

/** Every order in an object of the archive, by its id. */
const archived = async (platform: PlatformProcess): Promise<ReadonlyArray<number>> => {
  const s3 = new S3Client({ ...client(platform), forcePathStyle: true });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const Bucket = Buckets[0]?.Name ?? "";
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "orders/dt=" }));
  const bodies = await Promise.all(
    Contents.map(async ({ Key }) =>
      (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString(),
    ),
  );
  return bodies.flatMap((body) =>
    [...(body ?? "").matchAll(/"order_id":\s*(\d+)/g)].map(([, id]) => Number(id)),
  );
};

/** How often the built-in webhook was told of an order. */
const announcements = (data: string, id: number): number => {
  const file = join(data, "notifications.jsonl");
  if (!existsSync(file)) return 0;
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => new RegExp(`order ${id}:`).test(line)).length;
};

const LogLine = t.intersection([
  t.type({ function: t.string, level: t.string, event: t.string, time: t.string }),
  t.partial({ request_id: t.string, request_ids: t.array(t.string) }),
]);

/** Whether the one API request so far is found by its id in the logs of everything its orders came through. */
const followed = (data: string) => {
  const lines = readdirSync(join(data, "logs")).flatMap((file) =>
    jsonLines(join(data, "logs", file))
      // Lambda's own line of a call that failed, as on a busy machine one may, names no event.
      .filter((line) => t.UnknownRecord.is(line) && "event" in line)
      .map((line) => decoded(LogLine, line)),
  );
  const placed = lines.find(({ event }) => event === "orders placed")?.request_id ?? "none";
  const where = new Set(
    lines
      .filter(({ request_id, request_ids = [] }) => request_id === placed || request_ids.includes(placed))
      .map((line) => line.function),
  );
  const way = ["place-orders", "submit-orders", "auction-simulator", "archive-results", "notify-slack"];
  return { where: [...where], everywhere: way.every((name) => where.has(`local-${name}`)) };
};

/** Waits until the results pipeline has run well as often as this. */
const runsOfPipeline = async (platform: PlatformProcess, wanted: number): Promise<void> => {
  const states = new SFNClient(client(platform));
  await until(
    () =>
      states.send(
        new ListExecutionsCommand({
          stateMachineArn: "arn:aws:states:eu-central-1:000000000000:stateMachine:local-orders-results",
          statusFilter: "SUCCEEDED",
        }),
      ),
    ({ executions = [] }) => executions.length >= wanted,
  );
};

afterAll(endAll);

const schedule = ["--schedule", "rate(2 seconds)"];

describe("the orders platform on one machine", () => {
  it("prints nothing while nothing happens, takes orders to a decision, archives what is accepted and announces what is rejected, once", async () => {
    const data = newFolder();
    const platform = await startProcess(["--data", data, ...schedule]);
    const atFirst = platform.output();
    await runsOfPipeline(platform, 2);
    expect(platform.output()).toBe(atFirst);

    expect(platform.output()).toContain(
      `curl -sS -H 'content-type: application/json' --data @test/fixtures/orders.json ${platform.apiUrl}/orders`,
    );

    expect(await post(platform, orders)).toMatchObject({
      status: 201,
      body: {
        orders: orders.map(({ order_id }) => ({
          order_id,
          outcome: expect.stringMatching(/^(stored|replayed)$/),
        })),
      },
    });
    const ids = orders.map(({ order_id }) => order_id);
    const statuses = await decisions(platform, ids);
    const withStatus = (wanted: string) => ids.filter((_, index) => statuses[index] === wanted);

    expect([...(await archived(platform))].sort((a, b) => a - b)).toEqual(withStatus("accepted"));
    await until(
      () => withStatus("rejected").map((id) => announcements(data, id)),
      (counts) => counts.every((count) => count === 1),
    );
    expect(withStatus("accepted").map((id) => announcements(data, id))).toEqual(
      withStatus("accepted").map(() => 0),
    );
    await until(
      () => followed(data),
      ({ everywhere }) => everywhere,
    );

    const again = await post(platform, orders);
    expect(again).toMatchObject({ status: 201, body: { orders: ids.map(() => ({ outcome: "replayed" })) } });
    const conflict = await post(platform, [{ ...orders[0], power: 99 }]);
    expect(conflict).toMatchObject({ status: 409, body: { orders: [{ order_id: 1, outcome: "conflict" }] } });
    const { Count } = await new DynamoDBClient(client(platform)).send(
      new ScanCommand({ TableName: "local-orders" }),
    );
    expect(Count).toBe(orders.length);

    for (const kind of ["request", "batch", "step", "object"])
      expect(platform.output()).toMatch(new RegExp(`\\d  ${kind} `));
    expect((await platform.end("SIGINT")).code).toBe(0);
  });
});
