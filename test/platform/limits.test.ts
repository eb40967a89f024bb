import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as t from "io-ts";
import { newFolder } from "./support/fixture";
import { endAll, type PlatformProcess, startProcess } from "./support/platform-process";

/** Limits with many clients at once, of the products that environments/local.json limits: `limited-*`. */

afterAll(endAll);

const MOST = { orders: 100, power: 1_000, powerOfOne: 50 };
const CLIENTS = 50;

type Order = { readonly order_id: number; readonly product: string; readonly power: number };

const post = async (platform: PlatformProcess, orders: ReadonlyArray<Order>) => {
  const answer = await fetch(`${platform.apiUrl}/orders`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ orders }),
  });
  return { status: answer.status, body: await answer.text(), retry: answer.headers.get("retry-after") };
};

/** A client that repeats what did not come to an end. */
const place = async (platform: PlatformProcess, orders: ReadonlyArray<Order>): Promise<number> => {
  for (;;) {
    const answer = await post(platform, orders).catch(() => undefined);
    if (answer !== undefined && answer.status < 500) return answer.status;
    await sleep(500);
  }
};

const Page = t.intersection([
  t.type({ orders: t.readonlyArray(t.type({ order_id: t.number, product: t.string, power: t.number })) }),
  t.partial({ cursor: t.string }),
]);

const stored = async (platform: PlatformProcess, product: string): Promise<ReadonlyArray<Order>> => {
  const orders: Order[] = [];
  for (let cursor = ""; ;) {
    const page: unknown = await (await fetch(`${platform.apiUrl}/orders?limit=100${cursor}`)).json();
    if (!Page.is(page)) throw new Error(JSON.stringify(page));
    for (const { order_id, product: of, power } of page.orders)
      if (of === product) orders.push({ order_id, product, power });
    if (page.cursor === undefined) return orders;
    cursor = `&cursor=${encodeURIComponent(page.cursor)}`;
  }
};

const powerOf = (orders: ReadonlyArray<Order>): number =>
  orders.reduce((sum, { power }) => sum + Math.abs(power), 0);

/** What each client sends of a product: its ids are its own. */
const each = (product: string, requests: number, power: number) =>
  Array.from({ length: CLIENTS }, (_, client) =>
    Array.from({ length: requests }, (__, request) => ({
      order_id: client * requests + request + 1 + (power === 1 ? 0 : 10_000),
      product,
      power: client % 2 === 0 ? power : -power,
    })),
  );

it("fifty clients at once reach each limit, and go no further", async () => {
  const platform = await startProcess(["--data", newFolder(), "--schedule", "off"]);
  const answers = await Promise.all(
    [...each("limited-orders", 3, 1), ...each("limited-power", 1, MOST.powerOfOne)].map(async (orders) => {
      const statuses: number[] = [];
      for (const order of orders) statuses.push(await place(platform, [order]));
      return statuses;
    }),
  );
  const orders = await stored(platform, "limited-orders");
  const powers = await stored(platform, "limited-power");
  expect(orders).toHaveLength(MOST.orders);
  expect(powerOf(powers)).toBe(MOST.power);
  expect(answers.flat().filter((status) => status === 201)).toHaveLength(orders.length + powers.length);
  expect(new Set(answers.flat())).toEqual(new Set([201, 422]));

  // What is stored is a replay, as long as it is there; more is refused by path, and nothing of it is stored.
  expect(await place(platform, orders)).toBe(201);
  const more = [
    { order_id: 20_001, product: "limited-new", power: 1 },
    { order_id: 20_002, product: "limited-power", power: 0 },
    { order_id: 20_003, product: "limited-orders", power: MOST.powerOfOne + 1 },
  ];
  const refused = await post(platform, more);
  expect([refused.status, JSON.parse(refused.body)]).toEqual([
    422,
    expect.objectContaining({
      errors: [
        expect.objectContaining({ path: "orders[1].power", actual: "0" }),
        expect.objectContaining({ path: "orders[2].power", actual: "51" }),
        expect.objectContaining({ path: "orders[2].product", actual: "1 here, after 100 before" }),
      ],
    }),
  ]);
  expect(await stored(platform, "limited-new")).toEqual([]);
  await platform.end("SIGKILL");
});

it("whatever fails, and whichever functions are killed, no limit is exceeded", async () => {
  const faults = join(newFolder(), "faults.json");
  const table = (operation: string, probability: number, error: string) => ({
    service: "dynamodb",
    operation,
    probability,
    error,
  });
  writeFileSync(
    faults,
    JSON.stringify({
      seed: 16,
      calls: [
        table("UpdateItem", 0.1, "timeout-after-effect"),
        table("UpdateItem", 0.1, "timeout-before-effect"),
        table("UpdateItem", 0.1, "throttle"),
        table("BatchExecuteStatement", 0.1, "timeout-after-effect"),
        table("GetItem", 0.1, "timeout-before-effect"),
      ],
      invocations: [{ function: "*-place-orders", kill: 0.1, afterMs: 20 }],
    }),
  );
  const platform = await startProcess(["--data", newFolder(), "--faults", faults, "--schedule", "off"]);
  const answers = await Promise.all(
    each("limited-orders", 3, 1).map(async (orders) => {
      const statuses: number[] = [];
      for (const order of orders) statuses.push(await place(platform, [order]));
      return statuses;
    }),
  );
  const orders = await stored(platform, "limited-orders");
  expect(orders.length).toBeLessThanOrEqual(MOST.orders);
  expect(orders.length).toBeGreaterThan(0);
  // An order may be stored whose client, asking again after an answer was lost, was told that there is no more room.
  expect(answers.flat().filter((status) => status === 201).length).toBeLessThanOrEqual(orders.length);
  await platform.end("SIGKILL");
});
