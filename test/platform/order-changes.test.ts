import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as E from "fp-ts/Either";
import { OrderChange } from "../../functions/domain/order-change";
import { TEST_PRODUCT } from "../../functions/domain/order";
import { ENDS } from "../../functions/domain/status";
import { makeActivity } from "../../local/activity";
import { type Platform, startPlatform } from "../../local/platform";
import { ask, postOrders } from "./support/ask";
import { newFolder } from "./support/fixture";
import { synthesizeLocal } from "./support/local-environment";
import { unusedLine } from "./support/unused-line";
import { until } from "./support/until";

/** Other systems are told of every change of an order: the queue of one, from POST to the end. */

const QUEUE = "booking";
const ORDERS = 12;

let platform: Platform;
let sqs: SQSClient;
const told = new Map<string, OrderChange>();

const read = (body: string): OrderChange => {
  const decoded = OrderChange.decode(JSON.parse(body));
  if (E.isLeft(decoded)) throw new Error(`not a message of changes: ${body}`);
  return decoded.right;
};

/** Takes what has come, as a consumer would: what it knows by its id it has had before. */
const receive = async (): Promise<ReadonlyArray<OrderChange>> => {
  const QueueUrl = `${platform.awsUrl}/000000000000/${QUEUE}`;
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  for (const { Body = "" } of Messages) {
    const change = read(Body);
    told.set(change.id, change);
  }
  if (Messages.length > 0)
    await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    );
  return [...told.values()];
};

beforeAll(async () => {
  platform = await startPlatform({
    data: newFolder(),
    port: 0,
    awsPort: 0,
    stack: synthesizeLocal((environment) => ({
      ...environment,
      auction: { ...environment.auction, refusal: 0 },
      // Time enough on a busy machine.
      functions: {
        ...environment.functions,
        "place-orders": { memory_mb: 512, timeout_seconds: 29 },
        "submit-orders": { memory_mb: 256, timeout_seconds: 60 },
        "publish-changes": { memory_mb: 256, timeout_seconds: 60 },
      },
      order_changes: { queues: [QUEUE] },
    })),
    schedule: "rate(2 seconds)",
    activity: makeActivity(() => undefined, false),
    onDeath: (error) => {
      throw error;
    },
  });
  sqs = new SQSClient({
    endpoint: platform.awsUrl,
    region: platform.region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
});
afterAll(() => platform.stop());

it("is told of each status of each order, as GET shows it, and of no test order", async () => {
  const orders = Array.from({ length: ORDERS }, (_, index) => ({
    order_id: index + 1,
    product: index === 0 ? TEST_PRODUCT : "Day-Ahead ⚡",
    power: index + 1,
  }));
  const posted = await postOrders(platform.apiUrl, orders);
  expect(posted.status).toBe(201);
  const isEnd = ({ order: { status } }: OrderChange): boolean => ENDS.includes(status);
  await until(receive, (changes) => changes.filter(isEnd).length === ORDERS - 1);

  const shown = await Promise.all(
    orders.slice(1).map(async ({ order_id }) => {
      const answer = await ask(`${platform.apiUrl ?? ""}/orders/${order_id}`);
      return (await answer.json()) as { readonly order_id: number; readonly history: ReadonlyArray<object> };
    }),
  );
  for (const order of shown) {
    const changes = [...told.values()]
      .filter((change) => change.order.order_id === order.order_id)
      .toSorted((one, other) => one.order.history.length - other.order.history.length);
    expect(changes.map(({ order: { history } }) => history.length)).toEqual(
      order.history.map((_, index) => index + 1),
    );
    expect(changes.map(({ kind, environment }) => [kind, environment])[0]).toEqual(["placed", "local"]);
    expect(changes.at(-1)?.order).toEqual(order);
  }
  expect([...told.values()].map(({ order: { product } }) => product)).not.toContain(TEST_PRODUCT);
});

it("under grants that are all used, but for the one of what fails", () => {
  const unused = platform
    .decisions()
    .unused.filter(({ role }) => role.endsWith("publish-changes"))
    .map(unusedLine)
    .filter((line) => !/\/(logs|tracing|failures-send) #/.test(line));
  expect(unused).toEqual([]);
});
