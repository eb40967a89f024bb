import { archived } from "../../functions/domain/archived-order";
import { sweepOrders } from "../../functions/sweep-orders/sweep-orders";
import { order, World } from "../support/in-memory";

const sweep = (world: World) =>
  sweepOrders({
    ...world.ports,
    deadline: world.time + 30_000,
    stuckAfterSeconds: 60,
    overdueAfterSeconds: 3_600,
    retentionSeconds: 3_600,
    invocation: "sweep",
  })();

const DECIDED_AT = "2026-01-01T09:00:00.000Z";

const ended = (world: World, ...ids: number[]): void => {
  for (const id of ids)
    world.given(id, id % 2 === 0 ? "rejected" : "expired", {
      placed_by: "desk",
      reason: "why",
      decided_at: DECIDED_AT,
      decided_by: "run",
    });
};
const stored = (world: World, id: number) => world.orders.get(order(id).order_id);
const objects = (world: World) =>
  [...world.archive].map(([key, content]) => [
    key,
    (content as { orders: { order_id: number }[] }).orders.map(({ order_id }) => order_id),
  ]);

describe("the sweep, of orders that ended without a result page", () => {
  it("archives them with their history in one object, and says in which", async () => {
    const world = new World();
    ended(world, 2, 1);
    world.given(3, "rejected", { decided_at: DECIDED_AT, archive_key: "page" });
    world.given(4, "submitted");
    world.given(5, "cancelled", { decided_at: DECIDED_AT, decided_by: "cancel" });
    await sweep(world);
    expect(objects(world)).toEqual([
      [expect.stringMatching(/^orders\/closed\/dt=2026-01-01\/[0-9a-f]{32}\.json$/), [1, 2, 5]],
    ]);
    const [key = "", content] = [...world.archive][0] ?? [];
    expect(content).toMatchObject({
      orders: [
        {
          order_id: 1,
          product: "Product1",
          power: 2,
          status: "expired",
          reason: "why",
          history: [
            { status: "received", by: "desk", request_id: "request-1" },
            { status: "expired", at: DECIDED_AT, by: "run" },
          ],
        },
        { order_id: 2, status: "rejected" },
        {
          order_id: 5,
          status: "cancelled",
          history: [{ status: "received" }, { status: "cancelled", at: DECIDED_AT, by: "cancel" }],
        },
      ],
    });
    expect([1, 2, 3].map((id) => stored(world, id)?.archive_key)).toEqual([key, key, "page"]);
    await sweep(world);
    expect(world.archive.size).toBe(1);
  });

  it("has those of one day in one object, and at most 500", async () => {
    const world = new World();
    ended(world, ...Array.from({ length: 501 }, (_, index) => index + 1));
    world.given(502, "expired", {
      received_at: "2026-01-01T00:00:01.000Z",
      decided_at: "2026-01-02T00:00:00.000Z",
    });
    await sweep(world);
    const sizes = objects(world).map(([key = "", ids = []]) => [String(key).slice(17, 27), ids.length]);
    expect(sizes).toEqual([
      ["2026-01-01", 500],
      ["2026-01-01", 1],
      ["2026-01-02", 1],
    ]);
  });

  it.each(["before", "after"] as const)("writes one object where its answer is lost, %s", async (fault) => {
    const world = new World();
    ended(world, 1, 2);
    world.faults.next("put", fault);
    await sweep(world);
    expect(stored(world, 1)?.archive_key).toBeUndefined();
    await sweep(world);
    expect(objects(world)).toEqual([[expect.anything(), [1, 2]]]);
    expect(stored(world, 2)?.archive_key).toBe([...world.archive.keys()][0]);
  });

  it("that ends while orders leave writes the others once more, and the same of each", async () => {
    const world = new World();
    ended(world, 1, 2);
    const before = [1, 2].flatMap((id) => stored(world, id) ?? []).map(archived);
    world.faults.next("change", "after", "before");
    await sweep(world);
    await sweep(world);
    expect([1, 2].every((id) => world.archive.has(stored(world, id)?.archive_key ?? ""))).toBe(true);
    for (const content of world.archive.values())
      for (const each of (content as { orders: unknown[] }).orders) expect(before).toContainEqual(each);
  });

  it("goes on with the rest of its work while the archive is down", async () => {
    const world = new World();
    ended(world, 1);
    world.given(2, "received");
    world.pass(61_000);
    world.faults.always("put", "before");
    await sweep(world);
    expect(world.queue.map(({ order_id }) => order_id)).toEqual([2]);
    expect(stored(world, 1)?.archive_key).toBeUndefined();
  });
});
