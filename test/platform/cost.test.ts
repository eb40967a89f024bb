import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import {
  CHANGES_A_PUBLICATION,
  CHANGES_PER_ORDER,
  type Events,
  MESSAGES_A_REQUEST,
  readsOf,
  type Request,
  requestsOf,
  sendsOf,
  WRITE_UNITS,
  writesOf,
} from "../../cli/cost/way";
import { makeActivity } from "../../local/activity";
import type { Observer } from "../../local/engine/gateway/gateway";
import { type Platform, startPlatform } from "../../local/platform";
import { newFolder } from "./support/fixture";
import { synthesizeLocal } from "./support/local-environment";
import { until } from "./support/until";

/** What orders cost in requests and units, from POST to decided: counted, and held to the model of `npm run cost`. */

const REQUESTS = 3;
const ORDERS_PER_REQUEST = 40;
const ORDERS = REQUESTS * ORDERS_PER_REQUEST;
const CHANGES = ORDERS * CHANGES_PER_ORDER;
/** Of another system, which is told of changes. */
const QUEUE = "booking";

/** A result that is faster than the note that its order was submitted spares a write; one that comes twice costs one. */
const NEARLY = 0.1;

let platform: Platform;
let cloudwatch: CloudWatchClient;
let sqs: SQSClient;
const counted = new Map<string, number>();
const refused = new Map<string, number>();

/** By what the model calls it. What the simulated auction asks for is no part of the platform. */
const count: Observer = ({ service, operation, caller, url }, { status }) => {
  if (caller.kind === "role" && caller.arn.includes("auction-simulator")) return;
  const called = /function:local-([\w-]+)/.exec(decodeURIComponent(url))?.[1];
  const name = `${service.name} ${service.name === "lambda" ? (called ?? operation) : operation}`;
  const counter = status < 300 ? counted : refused;
  counter.set(name, (counter.get(name) ?? 0) + 1);
};
const of = (request: Request): number => counted.get(request) ?? 0;

beforeAll(async () => {
  const stack = synthesizeLocal((environment) => ({
    ...environment,
    auction: { ...environment.auction, acceptance: 0.9, refusal: 0 },
    // Time enough on a busy machine: what a time-out cuts off is written again.
    functions: {
      ...environment.functions,
      "place-orders": { memory_mb: 512, timeout_seconds: 29 },
      "submit-orders": { memory_mb: 256, timeout_seconds: 60 },
      "publish-changes": { memory_mb: 256, timeout_seconds: 60 },
    },
    order_changes: { queues: [QUEUE] },
    orders: { ...environment.orders, limits: { products: [], default: { orders_per_day: ORDERS } } },
    schedules: { ...environment.schedules, sweep: { ...environment.schedules.sweep, enabled: false } },
  }));
  platform = await startPlatform({
    data: newFolder(),
    port: 0,
    awsPort: 0,
    stack,
    activity: makeActivity(() => undefined, false),
    observe: count,
    onDeath: (error) => {
      throw error;
    },
  });
  const { awsUrl: endpoint, region } = platform;
  const client = { endpoint, region, credentials: { accessKeyId: "local", secretAccessKey: "local" } };
  cloudwatch = new CloudWatchClient(client);
  sqs = new SQSClient(client);
  for (let request = 0; request < REQUESTS; request += 1) await post(request * ORDERS_PER_REQUEST);
  await until(
    () => units("decided"),
    (decided) => decided >= ORDERS,
  );
  await until(told, (changes) => changes >= CHANGES * (1 - NEARLY));
});
afterAll(() => platform.stop());

const post = async (before: number): Promise<void> => {
  const orders = Array.from({ length: ORDERS_PER_REQUEST }, (_, index) => ({
    order_id: before + index + 1,
    product: "Product1",
    power: 2,
  }));
  const { status } = await fetch(`${platform.apiUrl ?? ""}/orders`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ orders }),
  });
  if (status !== 201) throw new Error(`the API answered ${status}: this machine is too busy to count`);
};

/** Write units of the orders table, or of one of its indexes. */
const units = async (index: keyof typeof WRITE_UNITS): Promise<number> => {
  const { Datapoints = [] } = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: "AWS/DynamoDB",
      MetricName: "ConsumedWriteCapacityUnits",
      Dimensions: [
        { Name: "TableName", Value: "local-orders" },
        ...(index === "table" ? [] : [{ Name: "GlobalSecondaryIndexName", Value: index }]),
      ],
      StartTime: new Date(Date.now() - 3_600_000),
      EndTime: new Date(Date.now() + 60_000),
      Period: 3_600,
      Statistics: ["Sum"],
    }),
  );
  return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
};

/** Changes that have come to the other system's queue. */
const told = async (): Promise<number> => {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: `${platform.awsUrl}/000000000000/${QUEUE}`,
      AttributeNames: ["ApproximateNumberOfMessages"],
    }),
  );
  return Number(Attributes?.["ApproximateNumberOfMessages"]);
};

/** The events of this run: how full batches and pages were, and how often nothing was there, is chance. */
const events = (): Events => {
  const page = of("lambda archive-results");
  const batch = of("lambda submit-orders");
  // An execution that finds another under way asks for the lease in two ways, and writes nothing.
  const noLease = (refused.get("dynamodb UpdateItem" satisfies Request) ?? 0) / 2;
  return {
    order: ORDERS,
    request: REQUESTS,
    send: REQUESTS * sendsOf(ORDERS_PER_REQUEST),
    write:
      REQUESTS * writesOf(ORDERS_PER_REQUEST) +
      // Claimed, and answered.
      2 * batch * writesOf(Math.floor(ORDERS / batch)) +
      page * (writesOf(Math.floor(ORDERS / page)) + 1),
    batch,
    receive: 0,
    page,
    read: page + REQUESTS * readsOf(ORDERS_PER_REQUEST),
    limited: REQUESTS,
    rejectedPage: of("sns Publish"),
    execution: 0,
    wait: of("lambda fetch-results") - page - noLease,
    look: 0,
    sweep: 0,
    follow: of("lambda publish-changes"),
    publication: CHANGES / CHANGES_A_PUBLICATION,
    delivery: CHANGES,
  };
};

it("a request invokes place-orders once, and queues ten orders at a time", () => {
  expect(of("lambda place-orders")).toBe(REQUESTS);
  expect(of("sqs SendMessageBatch")).toBe(REQUESTS * sendsOf(ORDERS_PER_REQUEST));
});

it("batches that are sent in one call invoke submit-orders a few times, whatever the queue gives at once", () => {
  expect(of("lambda submit-orders")).toBeLessThan(ORDERS / MESSAGES_A_REQUEST);
});

/** An execution is under way when the requests are counted. */
const UNDER_WAY = 10;

it.each([
  "dynamodb BatchExecuteStatement",
  "dynamodb UpdateItem",
  "dynamodb BatchGetItem",
  "s3 PutObject",
  "s3 GetObject",
] as const)("%s is made as often as the model says", (request) => {
  const said = requestsOf(events())[request];
  expect(of(request)).toBeGreaterThan(said * (1 - NEARLY) - UNDER_WAY);
  expect(of(request)).toBeLessThan(said * (1 + NEARLY) + UNDER_WAY);
});

it.each(["table", "in-flight", "decided", "listed"] as const)(
  "an order consumes as many write units as the model says: %s",
  async (index) => {
    const perOrder = (await units(index)) / ORDERS;
    expect(perOrder).toBeGreaterThan(WRITE_UNITS[index] * (1 - NEARLY));
    expect(perOrder).toBeLessThan(WRITE_UNITS[index] * (1 + NEARLY));
  },
);

it("others are told of as many changes of an order as the model says, up to ten together", async () => {
  const { "sns PublishBatch": publications, "sns delivery": deliveries } = requestsOf(events());
  expect(await told()).toBeGreaterThan(deliveries * (1 - NEARLY));
  expect(await told()).toBeLessThan(deliveries * (1 + NEARLY));
  expect(of("sns PublishBatch")).toBeGreaterThan(publications * (1 - NEARLY));
  // The last of each invocation are fewer than ten.
  expect(of("sns PublishBatch")).toBeLessThan(publications * (1 + NEARLY) + of("lambda publish-changes"));
  expect(of("lambda publish-changes")).toBeGreaterThan(0);
});
