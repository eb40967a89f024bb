import * as E from "fp-ts/Either";
import fc from "fast-check";
import { Limits } from "../../../functions/domain/limits";
import type { PlacedOrder } from "../../../functions/domain/order";
import { withinLimits } from "../../../functions/place-orders/limits";
import { placeOrders } from "../../../functions/place-orders/place-orders";
import type { Capabilities } from "../../../functions/ports/capabilities";
import { order, World } from "../../support/in-memory";
import { InMemoryAllowances } from "../../support/in-memory-allowances";

const LIMITS = {
  products: [
    { match: "DE-*", power_per_order: 100, orders_per_day: 3, power_per_day: 150 },
    { match: "FR-*", orders_per_day: 3 },
    { match: "Free*", zero_power: true },
  ],
};

const limits = (json: unknown): Limits =>
  E.getOrElse((): Limits => {
    throw new Error(JSON.stringify(json));
  })(Limits.decode(json));

const setUp = (json: unknown = LIMITS) => {
  const world = new World();
  const allowances = new InMemoryAllowances(world);
  let requests = 0;
  const place = (orders: ReadonlyArray<PlacedOrder>, more: Partial<Pick<Capabilities, "orders">> = {}) => {
    requests += 1;
    return withinLimits(
      orders,
      placeOrders(orders, { requestId: `request-${requests}`, by: "desk" }),
    )({
      ...world.ports,
      ...more,
      deadline: world.deadline,
      allowances: allowances.port,
      limits: limits(json),
    })();
  };
  return { world, allowances, place };
};

const paths = (answer: unknown): unknown =>
  (answer as { left: { errors: { path: string }[] } }).left.errors.map(({ path }) => path);

describe("limits of single orders", () => {
  it("are told by path, with the limit and what was found, all at once; and nothing is stored", async () => {
    const { world, allowances, place } = setUp();
    const answer = await place([
      order(1, "DE-1", 100),
      order(2, "DE-1", -101),
      order(3, "XX-1", 1),
      order(4, "FR-1", 0),
      order(5, "Free", 0),
    ]);
    expect(answer).toEqual(
      E.left({
        status: 422,
        title: "A limit of this environment would be exceeded",
        detail: "Nothing was stored.",
        errors: [
          {
            path: "orders[1].power",
            expected: "a power from -100 to 100 (power_per_order of DE-*)",
            actual: "-101",
          },
          {
            path: "orders[1].power",
            expected: "at most 150 power of the product in 24 hours (power_per_day of DE-*)",
            actual: "201 here, after 0 before",
          },
          {
            path: "orders[2].product",
            expected: "a product that fits DE-*, FR-*, Free*",
            actual: '"XX-1"',
          },
          { path: "orders[3].power", expected: "a power other than 0 (zero_power of FR-*)", actual: "0" },
        ],
      }),
    );
    expect(world.orders.size).toBe(0);
    expect(allowances.entries).toEqual([]);
  });

  it("concern no order that is stored, under whatever limits it was", async () => {
    const { world, place } = setUp();
    const stored = [order(1, "DE-1", 1_000), order(2, "XX-1", 1), order(3, "FR-1", 0)];
    for (const each of stored) world.given(each.order_id, "submitted", each);
    expect(E.isRight(await place(stored))).toBe(true);
    expect(paths(await place([...stored, order(4, "XX-1", 1)]))).toEqual(["orders[3].product"]);
  });

  it("concern no test order", async () => {
    const { place } = setUp();
    expect(E.isRight(await place([order(1, "smoke-test", 0)]))).toBe(true);
  });

  it("name the first hundred faults", async () => {
    const { place } = setUp();
    const answer = await place(Array.from({ length: 120 }, (_, index) => order(index + 1, "XX-1")));
    expect(paths(answer)).toHaveLength(100);
    expect(answer).toMatchObject({ left: { detail: "The first 100 faults are listed." } });
  });
});

describe("limits of a rolling day", () => {
  it("let through what fits, exactly, and tell of the orders of a product that do not", async () => {
    const { world, place } = setUp();
    expect(E.isRight(await place([order(1, "DE-1", 75), order(2, "FR-1", 1_000)]))).toBe(true);
    const answer = await place([order(3, "DE-1", 25), order(4, "FR-1"), order(5, "DE-1", 51)]);
    expect(answer).toMatchObject({
      left: {
        status: 422,
        errors: [
          {
            path: "orders[2].power",
            expected: "at most 150 power of the product in 24 hours (power_per_day of DE-*)",
            actual: "76 here, after 75 before",
          },
        ],
      },
    });
    expect([...world.orders.keys()]).toEqual([1, 2]);
    // What was reserved for the other product is given back.
    expect(E.isRight(await place([order(6, "FR-1"), order(7, "FR-1")]))).toBe(true);
    expect(E.isRight(await place([order(8, "DE-1", 75)]))).toBe(true);
    expect(paths(await place([order(9, "FR-1")]))).toEqual(["orders[0].product"]);
  });

  it("count of each product by itself, and of the last 24 hours", async () => {
    const { world, place } = setUp();
    const three = (first: number, product: string) =>
      place([0, 1, 2].map((more) => order(first + more, product)));
    expect(E.isRight(await three(10, "FR-1"))).toBe(true);
    expect(E.isRight(await three(20, "FR-2"))).toBe(true);
    world.pass(86_399_999);
    expect(paths(await three(30, "FR-1"))).toEqual([0, 1, 2].map((index) => `orders[${index}].product`));
    world.pass(1);
    expect(E.isRight(await three(30, "FR-1"))).toBe(true);
  });

  it("count no order twice: neither a replay nor a conflict", async () => {
    const { allowances, place } = setUp();
    const orders = [order(1, "FR-1"), order(2, "FR-1"), order(3, "FR-1")];
    for (let time = 0; time < 3; time += 1) expect(E.isRight(await place(orders))).toBe(true);
    expect(E.isRight(await place([order(1, "FR-1", 5)]))).toBe(true);
    expect(allowances.sum("FR-1", "orders")).toBe(3);
  });

  it("give back what another request has stored meanwhile, and keep what this one has", async () => {
    const { world, allowances, place } = setUp();
    const { orders } = world.ports;
    const meanwhile = (request_id: string) => ({
      orders: {
        ...orders,
        // The same order is there when it is to be stored: by another request, or by this one, whose answer was lost.
        insert: (stored: Parameters<typeof orders.insert>[0]) => {
          world.store({ ...stored, request_id });
          return orders.insert(stored);
        },
      },
    });
    expect(await place([order(1, "FR-1")], meanwhile("request-0"))).toMatchObject({
      right: [{ outcome: "replayed" }],
    });
    expect(allowances.sum("FR-1", "orders")).toBe(0);
    expect(await place([order(2, "FR-1")], meanwhile("request-2"))).toMatchObject({
      right: [{ outcome: "stored" }],
    });
    expect(allowances.sum("FR-1", "orders")).toBe(1);
  });

  it("take no power that is too large to add up", async () => {
    const { place } = setUp({ products: [], default: { power_per_day: Number.MAX_SAFE_INTEGER } });
    const huge = Array.from({ length: 1_000 }, (_, index) =>
      order(index + 1, "P", (index % 2 === 0 ? 1 : -1) * Number.MAX_SAFE_INTEGER),
    );
    expect(paths(await place(huge.slice(0, 3)))).toEqual(["orders[1].power", "orders[2].power"]);
    expect(E.isRight(await place(huge.slice(0, 1)))).toBe(true);
  });

  it("name what those before it leave no room for: what they do not name fits together", async () => {
    const most = { orders_per_day: 5, power_per_day: 20 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -25, max: 25 }), { maxLength: 5 }),
        fc.array(fc.integer({ min: -25, max: 25 }), { minLength: 1, maxLength: 12 }),
        async (before, powers) => {
          const { place } = setUp({ products: [], default: { ...most, zero_power: true } });
          for (const [index, power] of before.entries()) await place([order(100 + index, "P", power)]);
          const orders = powers.map((power, index) => order(index + 1, "P", power));
          const answer = await place(orders);
          if (E.isRight(answer)) return;
          const named = new Set((paths(answer) as string[]).map((path) => Number(/\d+/.exec(path)?.[0])));
          const fitting = orders.filter((_, index) => !named.has(index));
          if (fitting.length > 0) expect(E.isRight(await place(fitting))).toBe(true);
          for (const index of named) expect(E.isLeft(await place(orders.slice(index, index + 1)))).toBe(true);
        },
      ),
    );
  });

  it("cost nothing where no product has one", async () => {
    const { world, place } = setUp({ products: [], default: { power_per_order: 100 } });
    for (const call of ["count", "sums", "release", "get"]) world.faults.always(call, "before");
    expect(E.isRight(await place([order(1), order(2)]))).toBe(true);
  });
});

describe("limits, when the table fails", () => {
  it.each(["before", "after"] as const)("store nothing where it fails %s a reservation", async (fault) => {
    const { world, allowances, place } = setUp();
    world.faults.next("count", fault);
    expect(await place([order(1, "FR-1"), order(2, "DE-1")])).toMatchObject({
      left: { status: 503, retryAfterSeconds: 2 },
    });
    expect(world.orders.size).toBe(0);
    expect(allowances.sum("DE-1", "orders")).toBe(0);
    expect(allowances.sum("FR-1", "orders")).toBe(fault === "after" ? 1 : 0);
  });

  it("keep counted what may be stored, and give back what is not", async () => {
    const { world, allowances, place } = setUp({ products: [], default: { orders_per_day: 1_000 } });
    const orders = Array.from({ length: 250 }, (_, index) => order(index + 1));
    world.faults.next("insert", ...Array.from({ length: 150 }, () => "none" as never), "after");
    expect(await place(orders)).toMatchObject({ left: { _tag: "Unfinished" } });
    expect(allowances.sum("Product1", "orders")).toBe(200);
    expect(E.isRight(await place(orders))).toBe(true);
    expect(world.orders.size).toBe(250);
    expect(allowances.sum("Product1", "orders")).toBeGreaterThanOrEqual(250);
  });

  it("log what is not given back, and answer all the same", async () => {
    const { world, place } = setUp();
    world.faults.always("release", "before");
    const orders = [order(1, "FR-1"), ...[2, 3, 4, 5].map((id) => order(id, "DE-1"))];
    expect(paths(await place(orders))).toEqual(["orders[4].product"]);
    expect(world.logged).toContainEqual(
      expect.objectContaining({ level: "warn", event: "reservation not given back" }),
    );
  });

  it("never let more through, whatever fails and whenever a function is killed", async () => {
    const most = { orders_per_day: 8, power_per_day: 40 };
    const fault = fc.constantFrom("none", "none", "none", "before", "after", "permanent");
    const request = fc.record({
      ids: fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
      power: fc.integer({ min: 1, max: 12 }),
      faults: fc.array(fc.tuple(fc.constantFrom("count", "sums", "release", "insert", "get"), fault), {
        maxLength: 3,
      }),
      killedAt: fc.option(fc.integer({ min: 0, max: 5 })),
      pause: fc.integer({ min: 0, max: 6 * 3_600_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 5, maxLength: 25 }), async (requests) => {
        const { world, place } = setUp({ products: [], default: most });
        for (const { ids, power, faults, killedAt, pause } of requests) {
          world.pass(pause);
          world.faults.clear();
          for (const [call, what] of faults) world.faults.next(call, what as "before");
          let writes = 0;
          const { orders } = world.ports;
          const insert: typeof orders.insert = (stored) => {
            writes += 1;
            return killedAt !== null && writes > killedAt
              ? () => Promise.reject(new Error("killed"))
              : orders.insert(stored);
          };
          await place(
            ids.map((id) => order(id, "P", id % 2 === 0 ? power : -power)),
            { orders: { ...orders, insert } },
          ).catch(() => undefined);
          const day = [...world.orders.values()].filter(
            ({ received_at }) => Date.parse(received_at) > world.time - 86_400_000,
          );
          expect(day.length).toBeLessThanOrEqual(most.orders_per_day);
          expect(day.reduce((sum, each) => sum + Math.abs(each.power), 0)).toBeLessThanOrEqual(
            most.power_per_day,
          );
        }
      }),
      { numRuns: 100 },
    );
  });
});
