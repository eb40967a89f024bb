import * as E from "fp-ts/Either";
import { ClientInstant } from "../../functions/domain/instant";
import { sweepOrders } from "../../functions/sweep-orders/sweep-orders";
import { order, World } from "../support/in-memory";

const STUCK = 60;
const OVERDUE = 3_600;

const sweep = (world: World) =>
  sweepOrders({
    ...world.ports,
    deadline: world.time + 30_000,
    stuckAfterSeconds: STUCK,
    overdueAfterSeconds: OVERDUE,
    retentionSeconds: 3_600,
    invocation: `sweep-${world.time}`,
  })();

const GATE = "2026-01-01T00:00:30Z";

/** Orders stuck since before their gate closed; the attempts of those in doubt nobody knows the end of. */
const stuck = (ids: ReadonlyArray<number>, doubtful: ReadonlyArray<number> = []): World => {
  const world = new World();
  if (!ClientInstant.is(GATE)) throw new Error(GATE);
  for (const id of ids) world.given(id, "received", { valid_until: GATE });
  for (const id of doubtful) world.given(id, "received", { valid_until: GATE, attempts: ["one"] });
  world.given(1_000, "received");
  world.pass((STUCK + 1) * 1_000);
  return world;
};
const queued = (world: World) => world.queue.map(({ order_id }) => order_id);

describe("the sweep, of orders whose gate has closed", () => {
  it("queues none again, ends those never sent, and tells people in one message", async () => {
    const world = stuck([1, 2, 3]);
    expect(await sweep(world)).toEqual(E.right({ requeued: 1, overdue: 0, complete: true }));
    expect(queued(world)).toEqual([1_000]);
    expect([1, 2, 3].map((id) => world.status(id))).toEqual(["expired", "expired", "expired"]);
    expect(world.announced).toMatchObject([
      { kind: "orders-expired", orders: [{ order_id: 1 }, { order_id: 2 }, { order_id: 3 }] },
    ]);
  });

  it("ends none that the auction platform may have, but reports it, and again only after as long", async () => {
    const world = stuck([1], [2, 3]);
    await sweep(world);
    expect([1, 2, 3].map((id) => world.status(id))).toEqual(["expired", "received", "received"]);
    const doubts = () => world.announced.filter(({ kind }) => kind === "orders-in-doubt");
    expect(doubts()).toMatchObject([{ orders: [{ order_id: 2 }, { order_id: 3 }] }]);
    world.pass((OVERDUE - 60) * 1_000);
    await sweep(world);
    expect(doubts()).toHaveLength(1);
    world.pass(120_000);
    await sweep(world);
    expect(doubts()).toHaveLength(2);
    expect(queued(world)).not.toContain(2);
  });

  it("leaves the order to its result, which decides it", async () => {
    const world = stuck([], [2]);
    await sweep(world);
    const decided = await world.ports.orders.change(order(2).order_id, {
      _tag: "Decided",
      at: new Date(world.time).toISOString(),
      verdict: "accepted",
      archiveKey: "k",
      expiresAt: 1,
    })();
    expect(decided).toEqual(E.right(true));
    expect(world.orders.get(order(2).order_id)).not.toHaveProperty("attempts");
  });

  it("still queues the others while nobody can be told", async () => {
    const world = stuck([1], [2]);
    world.faults.always("announce", "before");
    expect(E.isLeft(await sweep(world))).toBe(true);
    expect(queued(world)).toEqual([1_000]);
    expect(world.status(1)).toBe("received");
  });
});
