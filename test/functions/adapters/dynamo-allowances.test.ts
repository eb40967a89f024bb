import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { dynamoAllowances } from "../../../functions/adapters/dynamo-allowances";
import { COUNTED, type Counted } from "../../../functions/domain/limits";
import { SUMS } from "../../../functions/tables";
import { createTable, own, useAws } from "../../support/aws";
import { ok } from "../../support/in-memory";

const TABLE = own("sums");

const signal = new AbortController().signal;
const allowances = dynamoAllowances(TABLE, signal, signal);

beforeAll(async () => {
  await useAws();
  await createTable(TABLE, SUMS);
});

const HOUR = 3_600_000;
const START = Date.parse("2026-03-28T22:17:00Z");
const at = (ms: number) => new Date(START + ms);

const shares = (orders: number, power: number, most: { orders: number; power: number }) => [
  { of: "orders" as const, amount: orders, most: most.orders },
  { of: "power" as const, amount: power, most: most.power },
];

let products = 0;
const newProduct = (): string => `Product ${(products += 1)}`;

const stored = async (product: string) =>
  (
    await new DynamoDBClient({}).send(
      new GetItemCommand({ TableName: TABLE, Key: { product: { S: product } }, ConsistentRead: true }),
    )
  ).Item ?? {};

describe("sums of the last 24 hours", () => {
  it("are told apart by the first letters of what they count", () => {
    const letters = Object.keys(COUNTED).map((of) => of.charAt(0));
    expect(new Set(letters).size).toBe(letters.length);
  });

  it("never exceed their limits, whatever is reserved and taken back and when, and refuse nothing that fits into 25 hours", async () => {
    const step = fc.record({
      /** Clocks differ: a later reservation may be dated a little earlier. */
      passed: fc.oneof(fc.integer({ min: -50_000, max: 5 * HOUR }), fc.integer({ min: 0, max: 30 * HOUR })),
      orders: fc.integer({ min: 0, max: 4 }),
      power: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constant(Number.MAX_SAFE_INTEGER)),
      released: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 30 }),
        fc.record({ orders: fc.integer({ min: 0, max: 12 }), power: fc.integer({ min: 0, max: 100 }) }),
        async (steps, most) => {
          const product = newProduct();
          const kept: { readonly time: number; readonly orders: number; readonly power: number }[] = [];
          const since = (time: number, ms: number, of: Counted) =>
            kept.reduce((sum, each) => (each.time > time - ms ? sum + each[of] : sum), 0);
          let time = 0;
          let latest = 0;
          for (const { passed, orders, power, released } of steps) {
            time = Math.max(time + passed, latest - 50_000);
            latest = Math.max(time, latest);
            const answer = await ok(allowances.reserve(product, shares(orders, power, most), at(time)));
            if (answer === "reserved") {
              if (released) await ok(allowances.release(product, shares(orders, power, most), at(time)));
              else kept.push({ time, orders, power });
              for (const sum of ["orders", "power"] as const)
                expect(since(time, 24 * HOUR, sum)).toBeLessThanOrEqual(most[sum]);
            } else {
              const about = 25 * HOUR + 2 * 60_000;
              expect(
                since(time, about, "orders") + orders > most.orders ||
                  since(time, about, "power") + power > most.power,
              ).toBe(true);
              expect(answer.orders + orders > most.orders || answer.power + power > most.power).toBe(true);
            }
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it("are the most that they may be, and no more, with fifty who reserve at once at the turn of a day", async () => {
    const product = newProduct();
    const most = { orders: 100, power: 1_000 };
    // A full day that is forgotten by the first of those who come.
    for (let hour = 0; hour < 25; hour += 1)
      await ok(allowances.reserve(product, shares(4, 40, most), at(hour * HOUR)));
    const late = at(60 * HOUR);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => ok(allowances.reserve(product, shares(3, 20, most), late))),
    );
    expect(answers.filter((answer) => answer === "reserved")).toHaveLength(33);
    expect(await ok(allowances.sums(product, late))).toEqual({ orders: 99, power: 660 });
  });

  it("do not make their item grow, though their limits are never met", async () => {
    const product = newProduct();
    const most = { orders: Number.MAX_SAFE_INTEGER, power: Number.MAX_SAFE_INTEGER };
    for (let hour = 0; hour < 60; hour += 1)
      expect(await ok(allowances.reserve(product, shares(1, 7, most), at(hour * HOUR)))).toBe("reserved");
    const item = await stored(product);
    // Two sums, 25 hours of each and one that is just over, the product and when all is forgotten.
    expect(Object.keys(item).length).toBeLessThanOrEqual(2 + 2 * 26 + 2);
    expect(item["orders"]).toEqual({ N: "25" });
    expect(JSON.stringify(item).length).toBeLessThan(2_000);
    expect(Number(item[SUMS.ttlAttribute]?.N) * 1_000).toBeGreaterThan(START + (59 + 24) * HOUR);
  });

  it("forget each hour once, whoever forgets it and how often", async () => {
    const product = newProduct();
    const most = { orders: 10, power: 10 };
    await ok(allowances.reserve(product, shares(6, 1, most), at(0)));
    await ok(allowances.reserve(product, shares(4, 1, most), at(10 * HOUR)));
    const late = at(26 * HOUR);
    await Promise.all(
      Array.from({ length: 20 }, () => ok(allowances.reserve(product, shares(1, 0, most), late))),
    );
    expect(await ok(allowances.sums(product, late))).toEqual({ orders: 10, power: 1 });
  });

  it("take nothing back from an hour that has less or is forgotten", async () => {
    const product = newProduct();
    const most = { orders: 10, power: 10 };
    await ok(allowances.reserve(product, shares(2, 2, most), at(0)));
    await ok(allowances.release(product, shares(3, 1, most), at(0)));
    await ok(allowances.release(product, shares(1, 1, most), at(-HOUR)));
    expect(await ok(allowances.sums(product, at(0)))).toEqual({ orders: 2, power: 2 });
  });

  it("change by requests that are made once: a repeat could be done twice", async () => {
    const product = newProduct();
    const most = { orders: 10, power: 10 };
    const sent = jest.spyOn(DynamoDBClient.prototype, "send");
    await ok(allowances.reserve(product, shares(2, 2, most), at(0)));
    await ok(allowances.release(product, shares(2, 2, most), at(0)));
    const attempts = sent.mock.contexts.map((client) => (client as DynamoDBClient).config.maxAttempts());
    sent.mockRestore();
    expect(await Promise.all(attempts)).toEqual([1, 1]);
  });
});
