import * as E from "fp-ts/Either";
import { announcementId } from "../../functions/domain/announcement";
import { archived } from "../../functions/domain/archived-order";
import { TEST_PRODUCT } from "../../functions/domain/order";
import type { ResultPage } from "../../functions/domain/results";
import { type Fault, order, World } from "../support/in-memory";
import { answers, archive, archiveKept, fetch, LEASE, page, RAW, result } from "./results-steps";

const KEY = "orders/dt=2026-01-01/run-1-00000.json";
const CLOSED = "orders/closed/dt=2026-01-01/run-1-00000.json";
const QUARANTINE = "orders/quarantine/dt=2026-01-01/run-1-00000.json";
const ids = (content: unknown): ReadonlyArray<number> =>
  (content as { orders: { order_id: number }[] } | undefined)?.orders.map(({ order_id }) => order_id) ?? [];
/** The orders that the table has in an object, as it should have them. */
const inTable = (world: World, key: string): ReadonlyArray<unknown> =>
  [...world.orders.values()].filter(({ archive_key }) => archive_key === key).map(archived);
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
    const last = { run: "run-1", number: 0, dt: "2026-01-01", orders: [result(1)] };
    expect(await archive(world, { ...last, cursor: "c0" })).toMatchObject({ right: { outcome: "done" } });
    expect(world.checkpoint).toEqual({ position: { cursor: "c0" } });
  });

  const steps = ["acquire", "read", "get", "put", "announce", "change", "write"];
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
      expect([...world.archive.keys()].toSorted()).toEqual([CLOSED, KEY]);
      expect(ids(world.archive.get(KEY))).toEqual([1, 3]);
      expect(ids(world.archive.get(CLOSED))).toEqual([2, 4]);
      for (const [key, content] of world.archive)
        expect(content).toEqual({ run: "run-1", page: 0, orders: inTable(world, key) });
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
    expect(E.isLeft(await archiveKept(world, await pageOf("run-1", result(1), result(2))))).toBe(true);
    world.time += (LEASE + 1) * 1_000;
    expect(
      E.isRight(await archiveKept(world, await pageOf("run-2", result(1), result(2), result(3)), "run-2")),
    ).toBe(true);
    expect([...world.archive.keys()]).toEqual([KEY]);
    expect(ids(world.archive.get(KEY))).toEqual([1, 2, 3]);
  });

  it("repeated by the same execution, however far it came, says the same of each order, and when", async () => {
    const content = { ...page(result(1), result(2, "rejected")), fetched_at: "2026-01-01T00:00:05.000Z" };
    for (const failing of [0, 1, 2]) {
      const world = new World();
      [1, 2].forEach((id) => world.given(id));
      world.faults.next("change", ...Array.from({ length: failing }, () => "before" as const));
      await archive(world, content);
      const first = new Map(world.archive);
      world.time += 60_000;
      expect(E.isRight(await archive(world, content))).toBe(true);
      expect([...world.archive]).toEqual([...first]);
      for (const [key, archive] of world.archive)
        expect(archive).toMatchObject({ orders: inTable(world, key) });
      expect(world.orders.get(order(1).order_id)?.decided_at).toBe("2026-01-01T00:00:05.000Z");
    }
  });

  it("decides no order before it was submitted, whatever the clocks say", async () => {
    const world = new World();
    world.given(1, "submitted", { submitted_at: "2026-01-01T00:00:09.000Z" });
    await archive(world, { ...page(result(1)), fetched_at: "2026-01-01T00:00:05.000Z" });
    expect(world.orders.get(order(1).order_id)?.decided_at).toBe("2026-01-01T00:00:09.000Z");
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

  it("announces the rejections of a full page in messages of a size that a topic takes", async () => {
    const world = new World();
    const all = Array.from({ length: 1_000 }, (_, index) => index + 1);
    const product = "\u{1f50b}".repeat(64);
    all.forEach((id) =>
      world.given(id, "submitted", {
        product: order(id, product).product,
        request_id: "r".repeat(64),
        placed_by: "€".repeat(256),
      }),
    );
    await archive(world, page(...all.map((id) => result(id, "rejected", { product }))));
    expect(announcedIds(world)).toEqual(all);
    const messages = world.announced.map((announcement) => Buffer.byteLength(JSON.stringify(announcement)));
    expect(Math.max(...messages)).toBeLessThan(256 * 1_024);
    expect(new Set(world.announced.map(announcementId)).size).toBe(messages.length);
  });

  it("announces a page that is too large to be read, and lets the feed go on behind it", async () => {
    const world = new World();
    world.given(1);
    const refused = { ...page(result(1)), refused: "it has 20000000 bytes" };
    expect(await archive(world, refused)).toMatchObject({ right: { outcome: "more", accepted: 0 } });
    expect(world.announced).toEqual([
      { kind: "page-refused", environment: "test", key: RAW, reason: "it has 20000000 bytes" },
    ]);
    expect(world.status(1)).toBe("submitted");
    expect(world.checkpoint.position).toMatchObject({ cursor: "c1", page: { number: 1 } });
  });

  it("archives a page again into an object of its own, and leaves the place in the feed alone", async () => {
    const world = new World();
    world.given(1);
    world.checkpoint = { position: { cursor: "c9" } };
    await archive(world, { run: "run-1", number: 0, dt: "2026-01-01", orders: [result(1), result(2)] });
    const { position } = world.checkpoint;
    world.given(2);
    for (const attempt of ["first", "repeated"]) {
      const again = await archiveKept(world, { key: RAW }, "replay-1");
      expect([attempt, again]).toMatchObject([
        attempt,
        { right: { outcome: "done", accepted: 1, quarantined: 0 } },
      ]);
    }
    expect(ids(world.archive.get(KEY))).toEqual([1]);
    expect(ids(world.archive.get("orders/dt=2026-01-01/replay-1-00000.json"))).toEqual([2]);
    expect(world.checkpoint).toEqual({ position });
  });

  it("archives no page again while another execution reads the feed", async () => {
    const world = new World();
    world.checkpoint = { position: {}, holder: "run-2", until: world.time + 1_000 };
    expect(await archiveKept(world, { key: RAW }, "replay-1")).toMatchObject({ left: { _tag: "Transient" } });
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
