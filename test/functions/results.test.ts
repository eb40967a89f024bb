import * as E from "fp-ts/Either";
import * as TE from "fp-ts/TaskEither";
import { archiveResults } from "../../functions/archive-results/archive-results";
import { TEST_PRODUCT } from "../../functions/domain/order";
import type { ResultPage } from "../../functions/domain/results";
import { fetchResults } from "../../functions/fetch-results/fetch-results";
import type { AuctionPlatform } from "../../functions/ports/capabilities";
import { permanent, type PortError, transient } from "../../functions/ports/errors";
import { type Fault, order, World } from "../support/in-memory";

/** Fetching and archiving, as the state machine calls them, with failures and crashes in between. */

const result = (id: number, status: "accepted" | "rejected" = "accepted", more: object = {}) => ({
  ...order(id),
  status,
  ...more,
});

const LEASE = 60;
const archive = (world: World, page: ResultPage, execution = "run-1") =>
  archiveResults({ execution, waits: 0, pages: 0, page })({
    ...world.ports,
    leaseSeconds: LEASE,
    retentionSeconds: 86_400,
  })();

const fetch = (
  world: World,
  results: AuctionPlatform["results"],
  input: Partial<Parameters<typeof fetchResults>[0]> = {},
) =>
  fetchResults({ execution: "run-1", waits: 0, pages: 0, ...input })({
    ...world.ports,
    auction: { submit: () => () => Promise.reject(new Error("not asked for")), results },
    pageLimit: 10,
    leaseSeconds: LEASE,
  })();

const page = (...orders: unknown[]): ResultPage => ({
  run: "run-1",
  number: 0,
  dt: "2026-01-01",
  orders,
  next: "c1",
});
const KEY = "orders/dt=2026-01-01/run-1-00000.json";
const QUARANTINE = "orders/quarantine/dt=2026-01-01/run-1-00000.json";
const ids = (content: unknown): ReadonlyArray<number> =>
  (content as { orders: { order_id: number }[] } | undefined)?.orders.map(({ order_id }) => order_id) ?? [];
const announcedIds = (world: World): ReadonlyArray<number> =>
  world.announced.flatMap((announcement) =>
    announcement.kind === "orders-rejected"
      ? announcement.orders.map(({ order_id }) => order_id as number)
      : [],
  );

describe("archiving a page", () => {
  it("sets aside the result of an order that cannot be read, and settles the others", async () => {
    const world = new World();
    world.givenUnreadable(1);
    world.given(2);
    const done = await archive(world, page(result(1), result(2)));
    expect(done).toMatchObject({ right: { accepted: 1, quarantined: 1 } });
    expect(ids(world.archive.get(KEY))).toEqual([2]);
    expect(world.archive.get(QUARANTINE)).toMatchObject({
      set_aside: [{ reason: "order 1: what is stored of it cannot be read", received: result(1) }],
    });
    expect(world.logged).toContainEqual(
      expect.objectContaining({ level: "error", event: "stored orders unreadable" }),
    );
  });

  it("archives the accepted, announces the rejected, writes both back and commits the page", async () => {
    const world = new World();
    [1, 2, 3].forEach((id) => world.given(id));
    const done = await archive(world, page(result(1), result(2, "rejected"), result(3)));
    expect(done).toEqual(
      E.right({ outcome: "more", waits: 0, pages: 1, accepted: 2, rejected: 1, quarantined: 0 }),
    );
    expect(ids(world.archive.get(KEY))).toEqual([1, 3]);
    expect(announcedIds(world)).toEqual([2]);
    expect([1, 2, 3].map((id) => world.status(id))).toEqual(["accepted", "rejected", "accepted"]);
    expect(world.checkpoint.position).toEqual({
      cursor: "c1",
      page: { run: "run-1", number: 1, dt: "2026-01-01" },
    });
  });

  it("announces a rejected test order as what it is, apart from the others", async () => {
    const world = new World();
    world.given(1);
    world.given(2, "submitted", { product: order(2, TEST_PRODUCT).product });
    await archive(world, page(result(1, "rejected"), result(2, "rejected", { product: TEST_PRODUCT })));
    expect(world.announced).toMatchObject([
      { kind: "orders-rejected", orders: [{ order_id: 1 }] },
      { kind: "test-orders-closed", orders: [{ order_id: 2 }] },
    ]);
    expect([world.status(1), world.status(2)]).toEqual(["rejected", "rejected"]);
  });

  it("gives up the lease after the last page and keeps the place in the feed", async () => {
    const world = new World();
    world.given(1);
    const last: ResultPage = { run: "run-1", number: 0, dt: "2026-01-01", orders: [result(1)] };
    expect(await archive(world, { ...last, cursor: "c0" })).toMatchObject({ right: { outcome: "done" } });
    expect(world.checkpoint).toEqual({ position: { cursor: "c0" } });
  });

  const steps = ["acquire", "get", "put", "announce", "change", "write"];
  const faults: ReadonlyArray<Fault> = ["before", "after"];
  it.each(steps.flatMap((step) => faults.map((fault) => [step, fault] as const)))(
    "that fails at %s (%s it took effect) is whole after a retry: one object, each status once, each rejection announced",
    async (step, fault) => {
      const world = new World();
      [1, 2, 3, 4].forEach((id) => world.given(id));
      const content = page(result(1), result(2, "rejected"), result(3), result(4, "rejected"));
      world.faults.next(step, fault);
      expect(E.isLeft(await archive(world, content))).toBe(true);
      expect(E.isRight(await archive(world, content))).toBe(true);
      expect([...world.archive.keys()]).toEqual([KEY]);
      expect(ids(world.archive.get(KEY))).toEqual([1, 3]);
      expect([1, 2, 3, 4].map((id) => world.status(id))).toEqual([
        "accepted",
        "rejected",
        "accepted",
        "rejected",
      ]);
      expect(new Set(announcedIds(world))).toEqual(new Set([2, 4]));
    },
  );

  it("that another execution takes over keeps its name and stays one object, though more stands on it by then", async () => {
    const world = new World();
    [1, 2, 3].forEach((id) => world.given(id));
    const pageOf = async (execution: string, ...orders: unknown[]): Promise<ResultPage> => {
      const fetched = await fetch(world, answers({ results: true, orders, cursor: "c1" }), { execution });
      if (E.isRight(fetched) && fetched.right.outcome === "page") return fetched.right.page;
      throw new Error("no page");
    };
    world.faults.next("change", "after");
    expect(E.isLeft(await archive(world, await pageOf("run-1", result(1), result(2))))).toBe(true);
    world.time += (LEASE + 1) * 1_000;
    expect(
      E.isRight(await archive(world, await pageOf("run-2", result(1), result(2), result(3)), "run-2")),
    ).toBe(true);
    expect([...world.archive.keys()]).toEqual([KEY]);
    expect(ids(world.archive.get(KEY))).toEqual([1, 2, 3]);
  });

  it("announces rejections while the archive is down, and archives while nobody can be told", async () => {
    const down = new World();
    [1, 2].forEach((id) => down.given(id));
    down.faults.always("put", "before");
    expect(E.isLeft(await archive(down, page(result(1), result(2, "rejected"))))).toBe(true);
    expect(announcedIds(down)).toEqual([2]);
    expect([down.status(1), down.status(2)]).toEqual(["submitted", "rejected"]);

    const mute = new World();
    [1, 2].forEach((id) => mute.given(id));
    mute.faults.always("announce", "before");
    expect(E.isLeft(await archive(mute, page(result(1), result(2, "rejected"))))).toBe(true);
    expect(ids(mute.archive.get(KEY))).toEqual([1]);
    expect([mute.status(1), mute.status(2)]).toEqual(["accepted", "submitted"]);
  });

  it("counts an order in one page only", async () => {
    const world = new World();
    world.given(1);
    await archive(world, page(result(1)));
    await archive(world, { ...page(result(1)), number: 1 });
    expect([...world.archive.keys()]).toEqual([KEY]);
  });

  it("takes a result as proof of a submission whose answer was lost", async () => {
    const world = new World();
    world.given(1, "received");
    await archive(world, page(result(1)));
    expect(world.status(1)).toBe("accepted");
  });

  it.each([
    ["an order nobody placed", result(9), /9: nobody placed it/],
    [
      "a malformed result",
      { order_id: "1" },
      /malformed: order_id: expected a positive integer.*got a string/,
    ],
    ["another power", result(1, "accepted", { power: 3 }), /1: its product or power is not the order's/],
    ["a status that would go back", result(2, "accepted"), /2: accepted, but it was rejected before/],
    ["nothing", null, /malformed/],
  ])("sets aside %s, announces that, and goes on with the rest", async (_, odd, reason) => {
    const world = new World();
    world.given(1);
    world.given(2, "rejected");
    world.given(3);
    expect(await archive(world, page(odd, result(3)))).toMatchObject({
      right: { quarantined: 1, accepted: 1 },
    });
    expect(world.archive.get(QUARANTINE)).toMatchObject({
      set_aside: [{ reason: expect.stringMatching(reason), received: odd }],
    });
    expect(world.announced).toEqual([
      expect.objectContaining({ kind: "results-quarantined", key: QUARANTINE, count: 1 }),
    ]);
    expect([world.status(1), world.status(2), world.status(3)]).toEqual([
      "submitted",
      "rejected",
      "accepted",
    ]);
  });

  it("sets aside a second, different result of one page, and takes the same twice as once", async () => {
    const world = new World();
    world.given(1);
    expect(await archive(world, page(result(1), result(1), result(1, "rejected")))).toMatchObject({
      right: { accepted: 1, rejected: 0, quarantined: 1 },
    });
    expect(ids(world.archive.get(KEY))).toEqual([1]);
  });

  it("gives the lease up where archiving fails for good, for the next execution to go on at once", async () => {
    const world = new World();
    world.given(1);
    world.faults.next("put", "permanent");
    expect(E.isLeft(await archive(world, page(result(1))))).toBe(true);
    expect(world.checkpoint.holder).toBeUndefined();
    expect(await archive(world, page(result(1)), "run-2")).toMatchObject({ right: { accepted: 1 } });
  });

  it("does nothing once another execution holds the lease", async () => {
    const world = new World();
    world.given(1);
    world.checkpoint = { position: {}, holder: "run-2", until: world.time + 1_000 };
    expect(E.isLeft(await archive(world, page(result(1))))).toBe(true);
    expect(world.archive.size).toBe(0);
    expect(world.status(1)).toBe("submitted");
  });
});

const answers =
  (
    answer: { results: boolean; orders?: unknown[]; cursor?: string },
    asked: unknown[] = [],
  ): AuctionPlatform["results"] =>
  (query) => {
    asked.push(query);
    return () => Promise.resolve(E.right(answer));
  };

describe("fetching a page", () => {
  it("names it after the execution that begins it and asks from where reading stands", async () => {
    const world = new World();
    world.checkpoint.position = { cursor: "c7" };
    const asked: unknown[] = [];
    expect(await fetch(world, answers({ results: true, orders: [result(1)], cursor: "c8" }, asked))).toEqual(
      E.right({
        outcome: "page",
        waits: 0,
        pages: 0,
        page: { run: "run-1", number: 0, dt: "2026-01-01", cursor: "c7", next: "c8", orders: [result(1)] },
      }),
    );
    expect(asked).toEqual([{ cursor: "c7", limit: 10 }]);
  });

  it("keeps the name that an unfinished page was given, on another day too", async () => {
    const world = new World();
    world.checkpoint.position = { cursor: "c7", page: { run: "run-0", number: 4, dt: "2025-12-31" } };
    expect(await fetch(world, answers({ results: true, orders: [] }))).toMatchObject({
      right: { page: { run: "run-0", number: 4, dt: "2025-12-31" } },
    });
  });

  it("takes a page whose cursor leads back to itself for the last one, and says so", async () => {
    const world = new World();
    world.checkpoint.position = { cursor: "c7" };
    const fetched = await fetch(world, answers({ results: true, orders: [result(1)], cursor: "c7" }));
    expect(fetched).toMatchObject({
      right: { outcome: "page", page: { cursor: "c7", orders: [result(1)] } },
    });
    expect(fetched).not.toHaveProperty("right.page.next");
    expect(world.logged).toContainEqual({
      level: "warn",
      event: "results feed stands still",
      fields: { execution: "run-1", cursor: "c7" },
    });
  });

  it("waits where there is nothing yet, and lets others read meanwhile", async () => {
    const world = new World();
    expect(await fetch(world, answers({ results: false }), { waits: 2 })).toEqual(
      E.right({ outcome: "wait", waits: 3, pages: 0 }),
    );
    expect(world.checkpoint.holder).toBeUndefined();
  });

  it("is done where there is nothing more", async () => {
    const world = new World();
    world.checkpoint.position = { cursor: "c9", page: { run: "run-1", number: 2, dt: "2026-01-01" } };
    expect(await fetch(world, answers({ results: false }), { pages: 2 })).toMatchObject({
      right: { outcome: "done" },
    });
    expect(world.checkpoint.position.cursor).toBe("c9");
  });

  it("leaves the results to the execution that is reading them, until its lease ends", async () => {
    const world = new World();
    world.checkpoint = { position: {}, holder: "run-2", until: world.time + 10_000 };
    expect(await fetch(world, answers({ results: true, orders: [] }))).toMatchObject({
      right: { outcome: "done", why: expect.stringContaining("another") },
    });
    world.time += 10_001;
    expect(await fetch(world, answers({ results: true, orders: [] }))).toMatchObject({
      right: { outcome: "page" },
    });
  });

  it("refuses a page larger than it asked for: it would not fit the state machine", async () => {
    const world = new World();
    const orders = Array.from({ length: 11 }, (_, index) => result(index + 1));
    expect(await fetch(world, answers({ results: true, orders }))).toMatchObject({
      left: { _tag: "Permanent" },
    });
  });

  it.each([
    ["gives the lease up", "for good", permanent("fetching results", "404"), undefined],
    ["keeps the lease", "in a way that passes", transient("fetching results", "503"), "run-1"],
  ] as const)("%s where it fails %s, and keeps the place in the feed", async (_, __, error, holder) => {
    const world = new World();
    world.checkpoint = { position: { cursor: "c4" } };
    expect(await fetch(world, () => TE.left(error))).toEqual(E.left(error));
    expect(world.checkpoint).toMatchObject({ position: { cursor: "c4" } });
    expect(world.checkpoint.holder).toBe(holder);
  });

  it("passes on that the platform is down", async () => {
    const error: PortError = transient("fetching results", "503");
    expect(await fetch(new World(), () => () => Promise.resolve(E.left(error)))).toEqual(E.left(error));
  });
});
