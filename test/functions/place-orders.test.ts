import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { jsonBody } from "../../functions/http/request";
import { placeOrders } from "../../functions/place-orders/place-orders";
import type { OrderId } from "../../functions/domain/order";
import type { StoredOrder } from "../../functions/domain/stored-order";
import { permanent, type PortError } from "../../functions/ports/errors";
import { decodeOrders } from "../../functions/place-orders/request";
import { order, World } from "../support/in-memory";

let requests = 0;
/** No two requests have one id. */
const newRequest = () => ({ requestId: `post-${(requests += 1)}`, by: "desk" });

const place = (world: World, ...ids: number[]) =>
  placeOrders(
    ids.map((id) => order(id)),
    newRequest(),
  )({ ...world.ports, deadline: world.deadline })();
const outcomes = (result: Awaited<ReturnType<typeof place>>) =>
  E.isRight(result) ? result.right.map(({ order_id, outcome }) => `${order_id} ${outcome}`) : result;

describe("placing orders", () => {
  it("stores them, queues them and says so", async () => {
    const world = new World();
    expect(outcomes(await place(world, 1, 2))).toEqual(["1 stored", "2 stored"]);
    expect(world.status(1)).toBe("received");
    expect(world.orders.get(order(1).order_id)).toMatchObject({ placed_by: "desk" });
    expect(world.queue).toEqual([
      { order_id: 1, request_id: expect.stringMatching(/^post-/) },
      { order_id: 2, request_id: expect.stringMatching(/^post-/) },
    ]);
  });

  it("answers a repeat as replayed, stores nothing more, and queues again what still waits", async () => {
    const world = new World();
    world.given(1, "received");
    world.given(2, "submitted");
    expect(outcomes(await place(world, 1, 2))).toEqual(["1 replayed", "2 replayed"]);
    expect(world.queue.map(({ order_id }) => order_id)).toEqual([1]);
  });

  it("takes an order for the same whoever sends it, and leaves it to the one who did first", async () => {
    const world = new World();
    await place(world, 1);
    const again = { requestId: "request-2", by: "another desk" };
    const result = await placeOrders([order(1)], again)({ ...world.ports, deadline: world.deadline })();
    expect(outcomes(result)).toEqual(["1 replayed"]);
    expect(world.orders.get(order(1).order_id)).toMatchObject({ placed_by: "desk" });
  });

  it("answers as stored what it finds of its own: the answer to its first try was lost", async () => {
    const world = new World();
    const { orders } = world.ports;
    const result = await placeOrders([order(1)], { requestId: "request-1", by: "desk" })({
      ...world.ports,
      deadline: world.deadline,
      orders: {
        ...orders,
        insert: (stored) => {
          world.store(stored);
          return orders.insert(stored);
        },
      },
    })();
    expect(outcomes(result)).toEqual(["1 stored"]);
    expect(world.logged).toContainEqual(
      expect.objectContaining({ fields: expect.objectContaining({ OrdersStored: 1 }) }),
    );
  });

  it("leaves the first order of an id as it is and tells the second of the conflict", async () => {
    const world = new World();
    world.given(1, "received");
    const result = await placeOrders([order(1, "Product1", 99), order(2)], {
      requestId: "request-2",
      by: "somebody else",
    })({
      ...world.ports,
      deadline: world.deadline,
    })();
    expect(outcomes(result)).toEqual(["1 conflict", "2 stored"]);
    expect(world.orders.get(order(1).order_id)?.power).toBe(2);
    expect(world.queue.map(({ order_id }) => order_id)).toEqual([2]);
  });

  it("leaves an order that cannot be read as it is, says so of it alone, and stores the others", async () => {
    const world = new World();
    world.givenUnreadable(1);
    expect(outcomes(await place(world, 1, 2))).toEqual(["1 unreadable", "2 stored"]);
    expect(world.queue.map(({ order_id }) => order_id)).toEqual([2]);
    expect(world.logged).toContainEqual(
      expect.objectContaining({ level: "error", event: "stored orders unreadable" }),
    );
  });

  it("tells the truth when the queue is down: they are stored, and the sweep will queue them", async () => {
    const world = new World();
    world.faults.always("send", "before");
    expect(outcomes(await place(world, 1))).toEqual(["1 stored"]);
    expect(world.status(1)).toBe("received");
    expect(world.logged).toContainEqual(
      expect.objectContaining({ level: "warn", event: "orders left to the sweep" }),
    );
  });

  it.each(["before", "after"] as const)(
    "promises nothing when the table fails %s a write, and a repeat completes it",
    async (fault) => {
      const world = new World();
      world.faults.next("insert", fault);
      expect(E.isLeft(await place(world, 1, 2))).toBe(true);
      const again = outcomes(await place(world, 1, 2));
      expect(again).toEqual([
        fault === "after" ? "1 replayed" : "1 stored",
        expect.stringMatching(/^2 (stored|replayed)$/),
      ]);
      expect(world.orders.size).toBe(2);
      expect(new Set(world.queue.map(({ order_id }) => order_id))).toEqual(new Set([1, 2]));
    },
  );
});

describe("placing a thousand orders with a slow table", () => {
  const ids = Array.from({ length: 1_000 }, (_, index) => index + 1);
  /** A table every call of which takes so long; a deadline ten seconds away. */
  const slow = (world: World, ms: number) => {
    const { orders, clock } = world.ports;
    let writes = 0;
    let reads = 0;
    const took = <A>(task: TE.TaskEither<PortError, A>) =>
      pipe(
        TE.fromTask(clock.sleep(ms)),
        TE.flatMap(() => task),
      );
    const ports = {
      ...world.ports,
      deadline: world.time + 10_000,
      orders: {
        ...orders,
        insert: (stored: StoredOrder) => {
          writes += 1;
          return took(orders.insert(stored));
        },
        get: (wanted: ReadonlyArray<OrderId>) => {
          reads += 1;
          return took(orders.get(wanted));
        },
      },
    };
    return { ports, calls: () => ({ writes, reads }) };
  };
  const placeAll = (ports: Parameters<ReturnType<typeof placeOrders>>[0]) =>
    placeOrders(
      ids.map((id) => order(id)),
      newRequest(),
    )(ports)();

  it("begins nothing that would not end in time, and lists what it did", async () => {
    const world = new World();
    const { ports } = slow(world, 15);
    const result = await placeAll(ports);
    expect(world.time).toBeLessThanOrEqual(ports.deadline);
    expect(result).toMatchObject({ _tag: "Left", left: { _tag: "Unfinished" } });
    const placed = E.isLeft(result) ? result.left.placed : [];
    expect(placed.length).toBeGreaterThan(500);
    expect(placed.map(({ order_id }) => order_id)).toEqual([...world.orders.keys()]);
    expect(world.queue).toHaveLength(placed.length);
  });

  it("goes further each time it is asked again, until all are stored", async () => {
    const world = new World();
    const rounds: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const result = await placeAll(slow(world, 25).ports);
      rounds.push(world.orders.size);
      if (E.isRight(result)) break;
    }
    expect(rounds.length).toBeLessThanOrEqual(4);
    expect(rounds.at(-1)).toBe(1_000);
    expect(rounds).toEqual([...new Set(rounds)]);
  });

  it("reads a repeat instead of writing it once more", async () => {
    const world = new World();
    for (const id of ids) world.given(id, "submitted");
    const { ports, calls } = slow(world, 0);
    expect(outcomes(await placeAll(ports))).toEqual(ids.map((id) => `${id} replayed`));
    // Of the first batch, before it is known that these are repeats.
    expect(calls().writes).toBe(100);
  });

  it("reads nothing where nothing is repeated", async () => {
    const { ports, calls } = slow(new World(), 0);
    await placeAll(ports);
    expect(calls()).toEqual({ writes: 1_000, reads: 0 });
  });

  it("lists what was stored before the table failed", async () => {
    const world = new World();
    const { ports } = slow(world, 0);
    const failing = {
      ...ports.orders,
      insert: (stored: StoredOrder) =>
        stored.order_id === 500 ? TE.left(permanent("storing", "broken")) : ports.orders.insert(stored),
    };
    const result = await placeAll({ ...ports, orders: failing });
    const placed = E.isLeft(result) ? result.left.placed.length : 0;
    expect(placed).toBeGreaterThan(300);
    expect(placed).toBeLessThan(500);
  });
});

const event = (
  body: string | undefined,
  headers: Record<string, string> = { "content-type": "application/json" },
  isBase64Encoded = false,
) =>
  ({
    headers,
    isBase64Encoded,
    ...(body === undefined ? {} : { body }),
  }) as unknown as APIGatewayProxyEventV2;

const problemOf = (request: APIGatewayProxyEventV2) => {
  const decoded = E.flatMap(decodeOrders)(jsonBody(request));
  return E.isLeft(decoded) ? decoded.left : undefined;
};
const orders = (...list: unknown[]): string => JSON.stringify({ orders: list });

describe("a request to place orders", () => {
  it("may be the seed system's own", () => {
    const body =
      '{"orders": [{"order_id": 1, "product": "Product1", "power": 2}, {"order_id": 2, "product": "Product2", "power": 1}]}';
    expect(problemOf(event(body))).toBeUndefined();
  });

  it.each([
    ["1e2", 100],
    ["100.00", 100],
    ["-0", 0],
  ])("may write an integer as %s", (number, power) => {
    const decoded = E.flatMap(decodeOrders)(
      jsonBody(event(`{"orders":[{"order_id":1.0,"product":"P","power":${number}}]}`)),
    );
    expect(decoded).toMatchObject({ right: [{ order_id: 1, product: "P" }] });
    expect(E.isRight(decoded) && decoded.right[0]?.power === power).toBe(true);
  });

  it.each(["👩🏽‍🚒", "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645", "Café", "東京"])(
    "may name a product in any script: %s",
    (product) => expect(problemOf(event(orders({ ...order(1), product })))).toBeUndefined(),
  );

  it("may have a status, which is the platform's and is left out", () => {
    expect(decodeOrders({ orders: [{ ...order(1), status: "accepted" }] })).toEqual(E.right([order(1)]));
  });

  it.each([
    ["no body", undefined, /got none/],
    ["an empty body", "  ", /got none/],
    ["malformed JSON", '{"orders": [', /not JSON/],
    ["deep nesting", "[".repeat(500_000), /not JSON/],
  ])("is refused with 400 for %s", (_, body, detail) => {
    expect(problemOf(event(body))).toMatchObject({ status: 400, detail: expect.stringMatching(detail) });
  });

  it.each([
    ["{}", "{}", "orders", "nothing"],
    ["a list", "[]", "(body)", "a list of 0"],
    ["deeply nested lists", `${"[".repeat(100_000)}${"]".repeat(100_000)}`, "(body)", "a list of 1"],
    ["no orders", orders(), "orders", "a list of 0"],
    [
      "1,001 orders",
      orders(...Array.from({ length: 1_001 }, (_, index) => ({ ...order(index + 1) }))),
      "orders",
      "a list of 1001",
    ],
    [
      "an unknown property",
      '{"orders":[{"order_id":1,"product":"P","power":1}],"dry_run":true}',
      "dry_run",
      "a boolean",
    ],
    ["an unknown property of an order", orders({ ...order(1), limit: 3 }), "orders[0].limit", "an integer"],
    [
      "__proto__",
      '{"orders":[{"order_id":1,"product":"P","power":1,"__proto__":{"power":2}}]}',
      "orders[0].__proto__",
      "an object",
    ],
    [
      "a string for power",
      orders({ ...order(1), power: "2" }),
      "orders[0].power",
      "a string of 1 characters",
    ],
    ["a fraction for power", orders({ ...order(1), power: 1.5 }), "orders[0].power", "a fraction"],
    [
      "1e400",
      '{"orders":[{"order_id":1,"product":"P","power":1e400}]}',
      "orders[0].power",
      "a number too large to hold",
    ],
    ["a missing id", orders({ product: "P", power: 1 }), "orders[0].order_id", "nothing"],
    ["an id of 0", orders({ ...order(1), order_id: 0 }), "orders[0].order_id", "an integer"],
    [
      "an id beyond 2^53",
      '{"orders":[{"order_id":9007199254740993,"product":"P","power":1}]}',
      "orders[0].order_id",
      "an integer beyond ±(2^53 − 1)",
    ],
    [
      "an empty product",
      orders({ ...order(1), product: "" }),
      "orders[0].product",
      "a string of 0 characters",
    ],
    [
      "a product of 65 characters",
      orders({ ...order(1), product: "é".repeat(65) }),
      "orders[0].product",
      "a string of 65 characters",
    ],
    [
      "a line break in a product",
      orders({ ...order(1), product: "a\nb" }),
      "orders[0].product",
      "a string of 3 characters",
    ],
    ...["9007199254740991.4", "4503599627370497.5", "1.0000000000000001", "1e-400"].flatMap((number) =>
      ["order_id", "power"].map((name): [string, string, string, string] => [
        `${number} for ${name}`,
        `{"orders":[${JSON.stringify({ ...order(1), [name]: "?" }).replace('"?"', number)}]}`,
        `orders[0].${name}`,
        "a number that would be rounded",
      ]),
    ),
    [
      "a property twice",
      '{"orders":[{"order_id":1,"product":"P","power":1,"power":1}]}',
      "orders[0].power",
      "it again",
    ],
    [
      "a property twice within what is ignored",
      '{"orders":[{"order_id":1,"product":"P","power":1,"status":[{"a":1,"a":1}]}]}',
      "orders[0].status[0].a",
      "it again",
    ],
    [
      "all orders twice",
      '{"orders":[{"order_id":1,"product":"P","power":1}],"orders":[{"order_id":2,"product":"P","power":1}]}',
      "orders",
      "it again",
    ],
    ...["\u202Ea", "a\u2028b", "\u200B", "a\uFFFF", "a\u0378", "  ", "Caf\uFFFD"].map(
      (product): [string, string, string, string] => [
        `the product ${JSON.stringify(product).replace(/[^ -~]/gu, (found) => `U+${found.codePointAt(0)?.toString(16) ?? ""}`)}`,
        orders({ ...order(1), product }),
        "orders[0].product",
        `a string of ${Array.from(product).length} characters`,
      ],
    ),
    [
      "the same id twice",
      orders(order(1), order(2), order(1, "Other")),
      "orders[2].order_id",
      "the id of orders[0]",
    ],
  ])("is refused with 400 for %s, named by its path", (_, body, path, actual) => {
    expect(problemOf(event(body))).toMatchObject({ status: 400, errors: [{ path, actual }] });
  });

  it("is told all its faults at once, a hundred at most", () => {
    const faulty = Array.from({ length: 200 }, () => ({ order_id: "x", product: 1, power: null }));
    expect(problemOf(event(orders(...faulty)))?.errors).toHaveLength(100);
    expect(
      problemOf(event(orders({ order_id: "x", product: 1, power: null })))?.errors?.map(({ path }) => path),
    ).toEqual(["orders[0].order_id", "orders[0].product", "orders[0].power"]);
  });

  it.each([
    ["no content type", {}],
    ["a form", { "content-type": "application/x-www-form-urlencoded" }],
    ["another encoding", { "content-type": "application/json; charset=utf-16" }],
  ])("is refused with 415 for %s", (_, headers) => {
    expect(problemOf(event(orders(order(1)), headers))).toMatchObject({ status: 415 });
  });

  it("may state UTF-8, and come in base64", () => {
    const body = Buffer.from(orders(order(1))).toString("base64");
    expect(
      problemOf(event(body, { "content-type": "application/json; charset=UTF-8" }, true)),
    ).toBeUndefined();
  });

  it("is refused with 413 from one byte above a MiB, counted in bytes", () => {
    const body = (bytes: number): string =>
      `${orders(order(1))}${" ".repeat(bytes - orders(order(1)).length)}`;
    expect(problemOf(event(body(1024 * 1024)))).toBeUndefined();
    expect(problemOf(event(body(1024 * 1024 + 1)))).toMatchObject({ status: 413 });
    expect(problemOf(event("é".repeat(600_000)))).toMatchObject({ status: 413 });
  });

  it("is refused with 400 for bytes that are not UTF-8", () => {
    const body = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]).toString("base64");
    expect(problemOf(event(body, undefined, true))).toMatchObject({
      status: 400,
      detail: expect.stringContaining("UTF-8"),
    });
  });
});
