import * as E from "fp-ts/Either";
import { ClientInstant } from "../../functions/domain/instant";
import type { StoredOrder } from "../../functions/domain/stored-order";
import { sweepOrders } from "../../functions/sweep-orders/sweep-orders";
import { World } from "../support/in-memory";

const STUCK = 900;

/** @param queue in place of the world's own */
const sweep = (world: World, queue = world.ports.queue) =>
  sweepOrders({
    ...world.ports,
    queue,
    deadline: world.time + 30_000,
    stuckAfterSeconds: STUCK,
    overdueAfterSeconds: 86_400,
    retentionSeconds: 3_600,
    invocation: `sweep-${world.time}`,
  })();

const iso = (time: number): string => new Date(time).toISOString();

const halt = (world: World, announced = true): void => {
  const at = iso(world.time);
  world.said = { state: "halted", at, since: at, reason: "why", intake: "open", announced };
};
const resume = (world: World): void => {
  world.said = { state: "resumed", at: iso(world.time), reason: "why", announced: true };
};
const queued = (world: World): ReadonlyArray<number> => world.queue.map(({ order_id }) => order_id);

const gated = (world: World, id: number, seconds: number, more: Partial<StoredOrder> = {}): void => {
  const valid_until = iso(world.time + seconds * 1_000);
  if (!ClientInstant.is(valid_until)) throw new Error(valid_until);
  world.given(id, "received", { valid_until, ...more });
};

describe("the sweep, while trading is halted", () => {
  it("queues nothing, and goes on to expire, to report doubts and to report what is overdue", async () => {
    const world = new World();
    world.given(1, "received");
    gated(world, 2, 100);
    gated(world, 3, 100, { attempts: ["one"] });
    gated(world, 4, 999_999);
    world.given(5, "submitted");
    halt(world);
    world.pass(86_401_000);
    expect(await sweep(world)).toEqual(E.right({ requeued: 0, overdue: 1, complete: true }));
    expect(queued(world)).toEqual([]);
    expect([1, 2, 3, 4].map((id) => world.status(id))).toEqual([
      "received",
      "expired",
      "received",
      "received",
    ]);
    expect(world.announced.map(({ kind }) => kind)).toEqual([
      "orders-overdue",
      "orders-expired",
      "orders-in-doubt",
    ]);
  });

  it("is stopped by a halt in its midst", async () => {
    const world = new World();
    for (let id = 1; id <= 300; id += 1) world.given(id, "received");
    world.pass((STUCK + 1) * 1_000);
    const { queue } = world.ports;
    await sweep(world, {
      send: (messages) => {
        halt(world);
        return queue.send(messages);
      },
    });
    expect(queued(world)).toHaveLength(100);
  });

  it("also where nobody can say whether it is, and says so", async () => {
    const world = new World();
    world.given(1, "received");
    gated(world, 2, 100);
    world.pass((STUCK + 1) * 1_000);
    world.faults.always("trading", "before");
    expect(await sweep(world)).toEqual(E.right({ requeued: 0, overdue: 0, complete: true }));
    expect(queued(world)).toEqual([]);
    expect(world.status(2)).toBe("expired");
    expect(world.logged).toContainEqual(
      expect.objectContaining({ level: "error", event: "orders not queued without knowing of a halt" }),
    );
  });
});

describe("the sweep, once trading is resumed", () => {
  it("queues at once what was received before, expires what is too late, and leaves the rest alone", async () => {
    const world = new World();
    halt(world);
    world.pass(3_600_000);
    world.given(1, "received");
    gated(world, 2, 10);
    world.pass(20_000);
    resume(world);
    expect(await sweep(world)).toMatchObject({ right: { requeued: 1 } });
    expect(queued(world)).toEqual([1]);
    expect(world.status(2)).toBe("expired");
    world.pass(120_000);
    world.given(3, "received");
    expect(await sweep(world)).toMatchObject({ right: { requeued: 0 } });
    expect(queued(world)).toEqual([1]);
  });

  it("lets no pause from before keep an order waiting, and gives each one anew", async () => {
    const world = new World();
    world.given(1, "received", {
      requeues: 6,
      quiet_until: iso(world.time + 50_000_000),
      requeued_at: iso(world.time),
    });
    // As a release before halts left it.
    world.given(2, "received", { requeues: 6, quiet_until: iso(world.time + 50_000_000) });
    world.pass(1_000_000);
    await sweep(world);
    expect(queued(world)).toEqual([]);
    halt(world);
    world.pass(1_000);
    resume(world);
    await sweep(world);
    expect(queued(world)).toEqual([1, 2]);
    world.pass(60_000);
    await sweep(world);
    expect(queued(world)).toEqual([1, 2]);
  });

  it("queues again what it had queued shortly before, whenever it came to note that", async () => {
    const world = new World();
    world.given(1, "received");
    world.pass((STUCK + 1) * 1_000);
    const { queue } = world.ports;
    // A halt that is over by the time the sweep has noted what it queued.
    await sweep(world, {
      send: (messages) => {
        world.time += 500;
        resume(world);
        world.time += 500;
        return queue.send(messages);
      },
    });
    await sweep(world);
    expect(queued(world)).toEqual([1, 1]);
  });
});

describe("a halt of which nobody was told", () => {
  it("is announced by the sweep, once, after the command had its time to", async () => {
    const world = new World();
    halt(world, false);
    world.pass(10_000);
    await sweep(world);
    expect(world.announced).toEqual([]);
    world.pass(30_000);
    await sweep(world);
    await sweep(world);
    expect(world.announced).toEqual([
      {
        kind: "trading-halted",
        environment: "test",
        at: world.said?.at,
        since: world.said?.at,
        reason: "why",
        intake: "open",
      },
    ]);
  });

  it("keeps the sweep from nothing where it cannot be announced", async () => {
    const world = new World();
    gated(world, 1, 10);
    halt(world, false);
    world.pass((STUCK + 1) * 1_000);
    world.faults.next("announce", "before");
    expect(E.isLeft(await sweep(world))).toBe(true);
    expect(world.status(1)).toBe("expired");
    await sweep(world);
    expect(world.announced).toHaveLength(2);
  });
});
