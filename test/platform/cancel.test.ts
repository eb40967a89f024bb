import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { traverseAll } from "../../functions/fp/bounded";
import { makeActivity } from "../../local/activity";
import { type Platform, startPlatform } from "../../local/platform";
import { ask, postOrders } from "./support/ask";
import { newFolder } from "./support/fixture";
import { synthesizeLocal } from "./support/local-environment";
import { until } from "./support/until";

/** Orders are cancelled while they are sent, with a slow table, lost answers and functions that are killed. */

const ORDERS = 40;
const IDS = Array.from({ length: ORDERS }, (_, index) => index + 1);

let platform: Platform;

beforeAll(async () => {
  const stack = synthesizeLocal((environment) => ({
    ...environment,
    functions: {
      ...environment.functions,
      "place-orders": { memory_mb: 512, timeout_seconds: 29 },
      "cancel-orders": { memory_mb: 256, timeout_seconds: 29 },
    },
    auction: { ...environment.auction, refusal: 0.1, result_delay_seconds: { min: 4, max: 20 } },
    orders: { ...environment.orders, stuck_after_seconds: 5 },
    schedules: {
      ...environment.schedules,
      sweep: { ...environment.schedules.sweep, expression: "rate(5 seconds)" },
    },
  }));
  platform = await startPlatform({
    data: newFolder(),
    port: 0,
    awsPort: 0,
    stack,
    schedule: "rate(3 seconds)",
    activity: makeActivity(() => undefined, false),
    faults: {
      seed: 7,
      calls: [
        { service: "dynamodb", latency: { ms: 0, jitter: 40 } },
        { service: "dynamodb", operation: "BatchExecuteStatement", probability: 0.1, error: "throttle" },
        {
          service: "execute-api",
          operation: "POST /orders*",
          probability: 0.1,
          error: "timeout-after-effect",
        },
        {
          service: "execute-api",
          operation: "POST /orders*",
          probability: 0.1,
          error: "timeout-before-effect",
        },
        { service: "execute-api", operation: "DELETE *", probability: 0.1, error: "timeout-after-effect" },
      ],
      deliveries: [{ queue: "*", duplicate: 0.3 }],
      invocations: [
        { function: "*-submit-orders", kill: 0.15, afterMs: 60 },
        { function: "*-cancel-orders", kill: 0.1, afterMs: 40 },
      ],
    },
    onDeath: (error) => {
      throw error;
    },
  });
});
afterAll(() => platform.stop());

const urlOf = (path: string): string => `${platform.apiUrl ?? ""}/orders${path}`;
const post = (ids: ReadonlyArray<number>): Promise<Response> =>
  postOrders(
    platform.apiUrl,
    ids.map((order_id) => ({ order_id, product: "Product1", power: 1 })),
  );
const cancel = (id: number): Promise<Response> => ask(urlOf(`/${id}`), { method: "DELETE" });

type Row = Readonly<Record<string, { readonly N?: string; readonly S?: string }>>;

const scan = async (table: string): Promise<ReadonlyMap<number, Row>> => {
  const rows = new Map<number, Row>();
  const client = new DynamoDBClient({
    endpoint: platform.awsUrl,
    region: platform.region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 10,
  });
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table }))
    for (const item of Items) rows.set(Number(item["order_id"]?.N), item);
  return rows;
};

it("no order that was answered as cancelled is held by the auction platform, and no other is lost", async () => {
  const statuses = new Map<number, number>();
  const cancelAll = (ids: ReadonlyArray<number>) =>
    traverseAll(4)((id: number) => async () => statuses.set(id, (await cancel(id)).status))(ids)();
  for (const first of [0, 20]) {
    const ids = IDS.slice(first, first + 20);
    expect((await post(ids)).status).toBe(201);
    await cancelAll(ids);
  }
  // Those that were too late: most of them are submitted now, and some are given back.
  await cancelAll(IDS.filter((id) => id % 2 === 0));
  const cancelled = IDS.filter((id) => statuses.get(id) === 200);
  expect(IDS.filter((id) => ![200, 409].includes(statuses.get(id) ?? 0))).toEqual([]);

  const orders = await until(
    () => scan("local-orders"),
    (rows) => [...rows.values()].every(({ status }) => !["received", "submitted"].includes(status?.S ?? "")),
  );
  const having = (...some: string[]) =>
    IDS.filter((id) => some.includes(orders.get(id)?.["status"]?.S ?? ""));
  expect(cancelled.filter((id) => !having("cancelled").includes(id))).toEqual([]);
  expect(having("cancelled", "accepted", "rejected")).toEqual(IDS);

  const ledger = await scan("local-auction-ledger");
  const held = IDS.filter((id) => ledger.has(id) && ledger.get(id)?.["withdrawn_at"] === undefined);
  expect(having("cancelled").filter((id) => held.includes(id))).toEqual([]);
  // A refused order is in the ledger, too.
  expect(having("accepted", "rejected").filter((id) => !held.includes(id))).toEqual([]);
  expect(having("cancelled").length).toBeGreaterThan(0);
});

it("answers the same again, and 404 where nobody placed an order", async () => {
  const { orders } = (await (await ask(urlOf("?status=cancelled&limit=1"))).json()) as {
    orders: { order_id: number }[];
  };
  const [first] = orders;
  const id = first?.order_id ?? 0;
  const shown = await until(
    async () => (await ask(urlOf(`/${id}`))).json() as Promise<{ history: object[] }>,
    // From then on nothing about it changes.
    ({ history }) => "archive_key" in (history.at(-1) ?? {}),
  );
  expect(shown).toMatchObject(first ?? {});
  expect(shown.history.at(-1)).toMatchObject({ status: "cancelled", by: "local" });
  const again = await cancel(id);
  expect([again.status, await again.json()]).toEqual([200, shown]);
  expect((await cancel(999)).status).toBe(404);
});
