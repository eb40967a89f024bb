import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import type { StoredOrder } from "../../functions/domain/stored-order";
import { OVERDUE as OVERDUE_CONCERN } from "../../functions/sweep-orders/concerns";
import { sweepOrders } from "../../functions/sweep-orders/sweep-orders";
import { order, World } from "../support/in-memory";

const STUCK = 60;
const OVERDUE = 3_600;
const sweep = (world: World) => {
  world.deadline = world.time + 30_000;
  return sweepOrders({
    ...world.ports,
    deadline: world.deadline,
    stuckAfterSeconds: STUCK,
    overdueAfterSeconds: OVERDUE,
    retentionSeconds: 3_600,
    invocation: "sweep",
  })();
};
const queued = (world: World): ReadonlyArray<number> => world.queue.map(({ order_id }) => order_id);

describe("the sweep", () => {
  it("queues again what has been received too long, and nothing else", async () => {
    const world = new World();
    world.given(1, "received");
    world.given(2, "submitted");
    world.given(3, "accepted");
    world.time += (STUCK + 1) * 1_000;
    world.given(4, "received");
    expect(await sweep(world)).toEqual(E.right({ requeued: 1, overdue: 0, complete: true }));
    expect(world.queue).toEqual([{ order_id: 1, request_id: "request-1" }]);
  });

  it("goes through all pages, each order once", async () => {
    const world = new World();
    for (let id = 1; id <= 500; id += 1) world.given(id, "received");
    world.time += (STUCK + 1) * 1_000;
    expect(await sweep(world)).toMatchObject({ right: { requeued: 500, complete: true } });
    expect(new Set(queued(world)).size).toBe(500);
    expect(queued(world)).toHaveLength(500);
  });

  it("waits longer every time it queues the same order again", async () => {
    const world = new World();
    world.given(1, "received");
    const pauses: number[] = [];
    let last = world.time;
    for (let minute = 0; minute < 200 && pauses.length < 5; minute += 1) {
      world.time += 60_000;
      const before = world.queue.length;
      await sweep(world);
      if (world.queue.length > before) {
        pauses.push((world.time - last) / 60_000);
        last = world.time;
      }
    }
    expect(pauses).toHaveLength(5);
    for (const [index, pause] of pauses.slice(1).entries())
      expect(pause).toBeGreaterThanOrEqual(pauses[index] ?? 0);
    expect(pauses.at(-1)).toBeGreaterThan(2 * (pauses[0] ?? 0));
  });

  it("queues an order twice rather than never when it cannot date it", async () => {
    const world = new World();
    world.given(1, "received");
    world.time += (STUCK + 1) * 1_000;
    world.faults.next("change", "before");
    expect(E.isLeft(await sweep(world))).toBe(true);
    await sweep(world);
    expect(queued(world)).toEqual([1, 1]);
  });

  it("reports an order without a result, and again only after as long", async () => {
    const world = new World();
    world.given(1, "submitted");
    world.time += (OVERDUE + 1) * 1_000;
    expect(await sweep(world)).toMatchObject({ right: { overdue: 1 } });
    expect(world.announced).toEqual([
      expect.objectContaining({ kind: "orders-overdue", orders: [expect.objectContaining({ order_id: 1 })] }),
    ]);
    world.time += 60_000;
    await sweep(world);
    expect(world.announced).toHaveLength(1);
    world.time += OVERDUE * 1_000;
    await sweep(world);
    expect(world.announced).toHaveLength(2);
  });

  it("reports as many orders in one message as fit it, and the others in the next", async () => {
    const world = new World();
    const ids = Array.from({ length: 501 }, (_, index) => order(index + 1).order_id);
    const { product } = order(1, "\u{1f50b}".repeat(64));
    for (const id of ids) world.given(id, "submitted", { product });
    const needs = {
      ...world.ports,
      deadline: 0,
      stuckAfterSeconds: STUCK,
      overdueAfterSeconds: OVERDUE,
      retentionSeconds: 3_600,
      invocation: "sweep",
    };
    const due = pipe(
      await world.ports.orders.get(ids)(),
      E.map((found) => RA.rights([...found.values()])),
      E.getOrElse((): ReadonlyArray<StoredOrder> => []),
    );
    expect(await OVERDUE_CONCERN.act(due)(needs)()).toEqual(E.right(501));
    const told = world.announced.map((one) => ("orders" in one ? one.orders : []));
    expect(told.flat().map(({ order_id }) => order_id)).toEqual(ids);
    expect(told.length).toBe(2);
  });

  it("looks at every row once a run, however many there are that never leave the index", async () => {
    const world = new World();
    for (let id = 1; id <= 1_200; id += 1) world.strayRows.add(order(id).order_id);
    world.given(1_201, "received");
    world.time += (STUCK + 1) * 1_000;
    let reads = 0;
    const { orders } = world.ports;
    const swept = await sweepOrders({
      ...world.ports,
      orders: {
        ...orders,
        get: (ids) => {
          reads += ids.length;
          return orders.get(ids);
        },
      },
      deadline: world.time + 30_000,
      stuckAfterSeconds: STUCK,
      overdueAfterSeconds: OVERDUE,
      retentionSeconds: 3_600,
      invocation: "sweep",
    })();
    expect(swept).toEqual(E.right({ requeued: 1, overdue: 0, complete: true }));
    expect(reads).toBe(1_201);
    expect(queued(world)).toEqual([1_201]);
    expect(world.logged.filter(({ event }) => event === "index rows without their order")).toEqual([
      {
        level: "warn",
        event: "index rows without their order",
        fields: {
          status: "received",
          count: 1_200,
          order_ids: [1, 10, 100, 1000, 1001, 1002, 1003, 1004, 1005, 1006],
        },
      },
    ]);
  });

  it("queues no order that has gone on, whatever the index still says", async () => {
    const world = new World();
    world.given(1, "received");
    world.time += (STUCK + 1) * 1_000;
    const { orders } = world.ports;
    const swept = await sweepOrders({
      ...world.ports,
      orders: {
        ...orders,
        waiting: (query) => {
          // The order is submitted between the reading of the index and of the order.
          world.orders.forEach((stored, id) => world.orders.set(id, { ...stored, status: "submitted" }));
          return query.status === "received"
            ? () => Promise.resolve(E.right({ ids: [order(1).order_id] }))
            : orders.waiting(query);
        },
      },
      deadline: world.time + 30_000,
      stuckAfterSeconds: STUCK,
      overdueAfterSeconds: OVERDUE,
      retentionSeconds: 3_600,
      invocation: "sweep",
    })();
    expect(swept).toEqual(E.right({ requeued: 0, overdue: 0, complete: true }));
    expect(world.queue).toEqual([]);
  });

  it("passes over an order that cannot be read, tells people of it once and the log each time", async () => {
    const world = new World();
    world.givenUnreadable(1);
    world.given(2, "received");
    world.time += (STUCK + 1) * 1_000;
    expect(await sweep(world)).toMatchObject({ right: { requeued: 1, complete: true } });
    await sweep(world);
    expect(queued(world)).toEqual([2]);
    expect(world.announced).toEqual([{ kind: "order-unreadable", environment: "test", order_ids: [1] }]);
    expect(world.logged.filter(({ event }) => event === "stored orders unreadable")).toHaveLength(2);
  });

  it("reports overdue orders in time, however long queueing takes", async () => {
    const world = new World();
    for (let id = 1; id <= 300; id += 1) world.given(id, "received");
    world.given(301, "submitted");
    world.time += (OVERDUE + 1) * 1_000;
    const slow: World["ports"] = {
      ...world.ports,
      queue: {
        send: (messages) => {
          world.time += 20_000;
          return world.ports.queue.send(messages);
        },
      },
    };
    const swept = await sweepOrders({
      ...slow,
      deadline: world.time + 30_000,
      stuckAfterSeconds: STUCK,
      overdueAfterSeconds: OVERDUE,
      retentionSeconds: 3_600,
      invocation: "sweep",
    })();
    expect(swept).toEqual(E.right({ requeued: 200, overdue: 1, complete: false }));
  });

  it("queues stuck orders in time, however long reporting takes or if it fails", async () => {
    const world = new World();
    for (let id = 1; id <= 300; id += 1) world.given(id, "submitted");
    world.given(301, "received");
    world.time += (OVERDUE + 1) * 1_000;
    const slow: World["ports"] = {
      ...world.ports,
      notifier: {
        announce: (announcement) => {
          world.time += 10_000;
          return world.ports.notifier.announce(announcement);
        },
      },
    };
    const needs = {
      ...slow,
      stuckAfterSeconds: STUCK,
      overdueAfterSeconds: OVERDUE,
      retentionSeconds: 3_600,
      invocation: "sweep",
    };
    expect(await sweepOrders({ ...needs, deadline: world.time + 30_000 })()).toEqual(
      E.right({ requeued: 1, overdue: 200, complete: false }),
    );
    world.faults.always("announce", "before");
    world.time += (OVERDUE + 1) * 1_000;
    expect(E.isLeft(await sweepOrders({ ...needs, deadline: world.time + 30_000 })())).toBe(true);
    expect(queued(world)).toEqual([301, 301]);
  });

  it.each([
    ["received", "requeued"],
    ["submitted", "overdue"],
  ] as const)("does not wait for a clock that ran ahead: %s", async (status, done) => {
    const world = new World();
    world.time += 7_200_000;
    world.given(1, status);
    world.time -= 7_200_000;
    expect(await sweep(world)).toMatchObject({ right: { [done]: 1, complete: true } });
    expect(world.logged.map(({ event }) => event)).toContain("clock moved");
    // Once: it is quiet from now on, by the clock as it is now.
    expect(await sweep(world)).toMatchObject({ right: { [done]: 0 } });
  });

  it("does not believe in a quiet time that no clock that is right can have set", async () => {
    const world = new World();
    world.given(1, "received");
    world.time += (STUCK + 1) * 1_000;
    world.time += 30 * 86_400_000;
    await sweep(world);
    world.time -= 30 * 86_400_000;
    expect(await sweep(world)).toMatchObject({ right: { requeued: 1 } });
  });

  it("stops in time and says that it is not complete", async () => {
    const world = new World();
    for (let id = 1; id <= 100; id += 1) world.given(id, "received");
    world.time += (STUCK + 1) * 1_000;
    const swept = await sweepOrders({
      ...world.ports,
      deadline: world.time + 1_000,
      stuckAfterSeconds: STUCK,
      overdueAfterSeconds: OVERDUE,
      retentionSeconds: 3_600,
      invocation: "sweep",
    })();
    expect(swept).toEqual(E.right({ requeued: 0, overdue: 0, complete: false }));
  });
});
