import * as E from "fp-ts/Either";
import { dynamoAnnouncements } from "../../../functions/adapters/dynamo-announcements";
import { dynamoAttempts } from "../../../functions/adapters/dynamo-attempts";
import { dynamoOrderTable } from "../../../functions/adapters/dynamo-order-table";
import type { Announcement } from "../../../functions/domain/announcement";
import { ClientInstant } from "../../../functions/domain/instant";
import type { StoredOrder } from "../../../functions/domain/stored-order";
import { ambiguous, transient } from "../../../functions/ports/errors";
import { submitOrders } from "../../../functions/submit-orders/submit-orders";
import { sweepOrders } from "../../../functions/sweep-orders/sweep-orders";
import { ORDERS } from "../../../functions/tables";
import { createTable, own, useAws } from "../../support/aws";
import { auctionOf } from "../../support/auction";
import { ok, order, World } from "../../support/in-memory";

const TABLE = own("orders");

const signal = new AbortController().signal;
const table = dynamoOrderTable(TABLE, signal);
const attempts = dynamoAttempts(TABLE, signal);
const announcements = dynamoAnnouncements(TABLE, signal);

beforeAll(async () => {
  await useAws();
  await createTable(TABLE, ORDERS);
});

const GATE = "2026-01-01T12:00:00+01:00";
const AT_GATE = Date.parse(GATE);

const stored = (id: number): StoredOrder => {
  if (!ClientInstant.is(GATE)) throw new Error(GATE);
  return {
    ...order(id),
    valid_until: GATE,
    status: "received",
    request_id: "r",
    received_at: "2026-01-01T10:00:00.000Z",
  };
};
const found = async (id: number): Promise<StoredOrder> =>
  E.getOrElse((): StoredOrder => {
    throw new Error(`order ${id} cannot be read`);
  })((await ok(table.get([order(id).order_id]))).get(order(id).order_id) ?? E.left(undefined));

const EXPIRED = { _tag: "Expired", by: "run", at: "2026-01-01T11:00:01.000Z" } as const;

describe("attempts to send an order", () => {
  it("are each noted by itself until it is taken back, however often that is asked for", async () => {
    const { order_id } = order(1);
    await ok(table.insert(stored(1)));
    for (const by of ["a", "b", "a"]) expect(await ok(attempts.begin(order_id, { by, now: 1 }))).toBe(true);
    await ok(attempts.takeBack(order_id, "a"));
    await ok(attempts.takeBack(order_id, "a"));
    expect(await found(1)).toEqual({ ...stored(1), attempts: ["b"] });
    expect(await ok(table.change(order_id, EXPIRED))).toBe(false);
    await ok(attempts.takeBack(order_id, "b"));
    expect(await found(1)).toEqual(stored(1));
    expect(await ok(table.change(order_id, EXPIRED))).toBe(true);
    expect(await ok(attempts.begin(order_id, { by: "c", now: 1 }))).toBe(false);
  });

  it("and reservations to end it keep each other out, while they hold", async () => {
    const { order_id } = order(2);
    await ok(table.insert({ ...stored(2), attempts_noted: "always" }));
    const reserve = (now: number) =>
      ok(announcements.reserve(order_id, { by: "sweep", now, until: now + 1_000, unsent: true }));
    const cancel = (now: number) =>
      ok(
        table.change(order_id, {
          _tag: "Cancelled",
          from: "received",
          at: new Date(now).toISOString(),
          by: "desk",
        }),
      );
    await ok(attempts.begin(order_id, { by: "a", now: 5_000 }));
    expect(await reserve(5_000)).toBe(false);
    await ok(attempts.takeBack(order_id, "a"));
    expect(await reserve(5_000)).toBe(true);
    expect(await ok(attempts.begin(order_id, { by: "a", now: 6_000 }))).toBe(false);
    expect(await cancel(6_000)).toBe(false);
    expect(await ok(attempts.begin(order_id, { by: "a", now: 6_001 }))).toBe(true);
    expect(await cancel(6_001)).toBe(false);
    await ok(attempts.takeBack(order_id, "a"));
    expect(await cancel(6_001)).toBe(true);
  });

  it("are gone with the status they belong to", async () => {
    await ok(table.insert(stored(3)));
    await ok(attempts.begin(order(3).order_id, { by: "a", now: 1 }));
    await ok(
      table.change(order(3).order_id, { _tag: "Submitted", by: "run", at: "2026-01-01T10:30:00.000Z" }),
    );
    expect(await found(3)).not.toHaveProperty("attempts");
  });
});

describe("senders and sweeps whose clocks disagree about the gate", () => {
  /** What the auction platform took, whether or not its answer arrived. */
  const taken = new Set<number>();
  const announced: Announcement[] = [];

  /** One invocation, whose clock is so far from the gate. */
  const ports = (name: string, ms: number) => {
    const world = new World();
    world.time = AT_GATE + ms;
    let calls = name.length;
    return {
      ...world.ports,
      orders: table,
      attempts,
      announcements,
      notifier: {
        announce: (announcement: Announcement) => {
          announced.push(announcement);
          return () => Promise.resolve(E.right(undefined));
        },
      },
      auction: auctionOf(({ order_id }) => () => {
        calls += 1;
        if (calls % 3 === 0) return Promise.resolve(E.left(transient("submitting", "ECONNREFUSED")));
        taken.add(order_id);
        return Promise.resolve(
          calls % 3 === 1 ? E.right(undefined) : E.left(ambiguous("submitting", "lost")),
        );
      }),
      deadline: world.time + 3_000,
      retentionSeconds: 3_600,
      testOrders: "submitted" as const,
      invocation: name,
      stuckAfterSeconds: 1,
      overdueAfterSeconds: 3_600,
    };
  };

  /** Four senders and two sweeps at once, and what became of the orders. */
  const race = async (ids: ReadonlyArray<number>) => {
    for (const id of ids) await ok(table.insert(stored(id)));
    const deliveries = ids.map((id) => ({
      messageId: String(id),
      receipt: "r",
      receiveCount: 1,
      body: JSON.stringify({ order_id: id, request_id: "r" }),
    }));
    await Promise.all([
      ...[-900, -400, 1, 700].map((ms, index) =>
        submitOrders(index % 2 === 0 ? deliveries : [...deliveries].reverse())(
          ports(`submit-${"x".repeat(index)}`, ms),
        )(),
      ),
      sweepOrders(ports("sweep-1", 1))(),
      sweepOrders(ports("sweep-2", 1))(),
    ]);
    // Where the table is slow to answer, a sweep may fail: what it had reserved is left to a later one.
    for (const hours of [1, 2, 3]) await sweepOrders(ports(`sweep-after-${hours}`, hours * 3_600_000))();
    const ends = await Promise.all(ids.map(async (id) => [id, await found(id)] as const));
    return (status: string) => ends.flatMap(([id, end]) => (end.status === status ? [id] : []));
  };

  /** The ids of all orders that people were told of. */
  const toldOf = (kind: "orders-expired" | "orders-in-doubt"): ReadonlyArray<number> =>
    announced.flatMap((each) =>
      each.kind === kind ? each.orders.map(({ order_id }) => Number(order_id)) : [],
    );

  it("never end as expired what the auction platform has, nor leave the rest without an end or a word", async () => {
    const expired: number[] = [];
    // The race is one where some got through and some did not, which one round need not show.
    for (let round = 1; round <= 10 && (taken.size === 0 || expired.length === 0); round += 1) {
      const having = await race(Array.from({ length: 20 }, (_, index) => round * 100 + index));
      expect(having("expired").filter((id) => taken.has(id))).toEqual([]);
      // A sender may not learn that its attempt was noted: such an order is in doubt.
      const known = new Set([...taken, ...toldOf("orders-in-doubt")]);
      expect(having("received").filter((id) => !known.has(id))).toEqual([]);
      expired.push(...having("expired"));
    }
    expect(taken.size).toBeGreaterThan(0);
    expect(expired.length).toBeGreaterThan(0);
    expect([...toldOf("orders-expired")].sort()).toEqual(expired.sort());
  });
});
