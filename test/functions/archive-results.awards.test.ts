import * as E from "fp-ts/Either";
import fc from "fast-check";
import type { StoredOrder } from "../../functions/domain/stored-order";
import { type Fault, order, World } from "../support/in-memory";
import { archive, archiveKept, page, RAW, result } from "./results-steps";

/** Results that say how much of an order was awarded, and those that are not final. */

const KEY = "orders/dt=2026-01-01/run-1-00000.json";
const QUARANTINE = "orders/quarantine/dt=2026-01-01/run-1-00000.json";
const stored = (world: World, id: number): StoredOrder | undefined => world.orders.get(order(id).order_id);

const PART = { awarded_power: 1, price: "41.10", currency: "EUR" };
const foreseen = (id: number, status: "accepted" | "rejected" = "accepted", more: object = {}) =>
  result(id, status, { ...more, final: false });

describe("an award", () => {
  it("of less than was ordered is accepted with what was awarded, in the table and in the archive", async () => {
    const world = new World();
    [1, 2].forEach((id) => world.given(id));
    const done = await archive(world, page(result(1, "accepted", { ...PART, reason: "price" }), result(2)));
    expect(done).toMatchObject({ right: { accepted: 2, quarantined: 0 } });
    expect(stored(world, 1)).toMatchObject({ status: "accepted", power: 2, ...PART, reason: "price" });
    const history = [{ status: "received" }, { status: "accepted", by: "run-1", archive_key: KEY }];
    expect(world.archive.get(KEY)).toMatchObject({
      run: "run-1",
      page: 0,
      orders: [
        { order_id: 1, status: "accepted", power: 2, ...PART, reason: "price", history },
        { order_id: 2, status: "accepted", power: 2, history },
      ],
    });
    expect(world.logged.map(({ fields }) => fields)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ order_id: 1, awarded_power: 1 }),
        expect.objectContaining({ order_id: 2, awarded_power: 2 }),
      ]),
    );
  });

  it("says what nobody asked for: it is kept in the page, and ignored", async () => {
    const world = new World();
    world.given(1);
    const kept = page(result(1, "accepted", { ...PART, area: { name: "DE-LU" }, Price: 7 }));
    expect(await archive(world, kept)).toMatchObject({ right: { accepted: 1, quarantined: 0 } });
    expect(stored(world, 1)).toMatchObject(PART);
    expect(JSON.stringify([...world.archive.values(), stored(world, 1)])).not.toMatch(/DE-LU|Price/);
  });

  it("is told with the reason of a rejection", async () => {
    const world = new World();
    world.given(1);
    await archive(world, page(result(1, "rejected", { awarded_power: 0, reason: "no liquidity" })));
    expect(world.announced).toMatchObject([
      { kind: "orders-rejected", orders: [{ order_id: 1, reason: "no liquidity" }] },
    ]);
    const end = { status: "rejected", reason: "no liquidity", awarded_power: 0 };
    expect(stored(world, 1)).toMatchObject(end);
    expect(world.archive.get(stored(world, 1)?.archive_key ?? "")).toMatchObject({ orders: [end] });
  });

  it.each([
    ["accepted with nothing", "accepted", { awarded_power: 0 }, "accepted, but nothing is awarded"],
    ["of the other side", "accepted", { awarded_power: -2 }, "awarded -2 of 2, the other way"],
    ["of more", "accepted", { awarded_power: 3 }, "awarded 3 of 2, more than was ordered"],
    ["of a rejected order", "rejected", { awarded_power: 1 }, "rejected, but 1 of 2 is awarded"],
    ["at a price of no currency", "accepted", { price: "1" }, "a price without its currency"],
    [
      "foreseen with nothing",
      "accepted",
      { awarded_power: 0, final: false },
      "accepted, but nothing is awarded",
    ],
  ] as const)("%s is set aside, and changes nothing", async (_, status, more, reason) => {
    const world = new World();
    world.given(1, "submitted", { placed_by: "desk" });
    const before = stored(world, 1);
    expect(await archive(world, page(result(1, status, more)))).toMatchObject({ right: { quarantined: 1 } });
    const told = `order 1, placed by desk: ${reason}`;
    expect(world.archive.get(QUARANTINE)).toMatchObject({ set_aside: [{ reason: told }] });
    expect(world.announced).toMatchObject([{ kind: "results-quarantined", reasons: [told] }]);
    expect(stored(world, 1)).toEqual(before);
  });

  it("seen again is known, and archived on its own page alone; another one is set aside", async () => {
    const world = new World();
    world.given(1);
    const one = result(1, "accepted", PART);
    await archive(world, page(one));
    const object = world.archive.get(KEY);
    await archive(world, page(one));
    expect(world.archive.get(KEY)).toEqual(object);
    expect(await archive(world, { ...page({ ...one, price: "41.1" }), number: 1 })).toMatchObject({
      right: { accepted: 0, quarantined: 0 },
    });
    for (const [more, words] of [
      [{ awarded_power: 2 }, "accepted, but it was accepted with 1 of 2 at 41.10 EUR before"],
      [
        { ...PART, price: "40" },
        "accepted with 1 of 2 at 40 EUR, but it was accepted with 1 of 2 at 41.10 EUR before",
      ],
    ] as const) {
      await archive(world, { ...page(result(1, "accepted", more)), number: 2 });
      expect(world.archive.get(QUARANTINE.replace("00000", "00002"))).toMatchObject({
        set_aside: [{ reason: `order 1: ${words}` }],
      });
    }
    expect(stored(world, 1)).toMatchObject(PART);
  });

  it("twice on one page, with two prices, counts once and is set aside once", async () => {
    const world = new World();
    world.given(1);
    const one = result(1, "accepted", PART);
    expect(await archive(world, page(one, one, { ...one, price: "5" }))).toMatchObject({
      right: { accepted: 1, quarantined: 1 },
    });
    expect(stored(world, 1)?.price).toBe("41.10");
  });
});

describe("a result that is not final", () => {
  it("is noted on its order, which stays submitted, and neither archived nor announced", async () => {
    const world = new World();
    [1, 2].forEach((id) => world.given(id));
    const done = await archive(world, page(foreseen(1, "accepted", PART), foreseen(2, "rejected")));
    expect(done).toMatchObject({ right: { accepted: 0, rejected: 0, quarantined: 0 } });
    const at = new Date(world.time).toISOString();
    expect(stored(world, 1)).toMatchObject({
      status: "submitted",
      preliminary: { status: "accepted", ...PART, at },
    });
    expect(stored(world, 2)).toMatchObject({ status: "submitted", preliminary: { status: "rejected", at } });
    expect([world.archive.size, world.announced]).toEqual([0, []]);
  });

  it("proves the submission of an order whose answer was lost", async () => {
    const world = new World();
    world.given(1, "received", { attempts: ["a"] });
    await archive(world, page(foreseen(1)));
    const { attempts, ...found } = stored(world, 1) ?? {};
    expect(attempts).toBeUndefined();
    expect(found).toMatchObject({
      status: "submitted",
      submitted_at: new Date(world.time).toISOString(),
      preliminary: { status: "accepted" },
    });
  });

  it("gives way to the next one, and to the final one whatever that says", async () => {
    const world = new World();
    world.given(1);
    await archive(world, page(foreseen(1)));
    await archive(world, { ...page(foreseen(1, "rejected")), number: 1 });
    expect(stored(world, 1)?.preliminary?.status).toBe("rejected");
    expect(await archive(world, { ...page(result(1, "accepted", PART)), number: 2 })).toMatchObject({
      right: { accepted: 1, quarantined: 0 },
    });
    expect(stored(world, 1)).toMatchObject({
      status: "accepted",
      ...PART,
      preliminary: { status: "rejected" },
    });
  });

  it("is noted once: seen again it keeps the time it had", async () => {
    const world = new World();
    world.given(1);
    await archive(world, page(foreseen(1)));
    const before = stored(world, 1);
    world.pass(1_000);
    await archive(world, page(foreseen(1)));
    expect(stored(world, 1)).toEqual(before);
  });

  it("changes nothing of an order that a result has decided", async () => {
    const world = new World();
    world.given(1);
    await archive(world, page(result(1, "rejected")));
    const before = stored(world, 1);
    expect(await archive(world, { ...page(foreseen(1)), number: 1 })).toMatchObject({
      right: { quarantined: 0 },
    });
    expect(stored(world, 1)).toEqual(before);
  });

  it.each([
    ["not archived yet", undefined],
    ["archived by the sweep", "orders/closed/dt=2026-01-01/0123456789abcdef0123456789abcdef.json"],
  ])("of an order that ended without being sent, %s, is set aside: it was sent after all", async (_, key) => {
    const world = new World();
    world.given(1, "expired", key === undefined ? {} : { archive_key: key });
    await archive(world, page(foreseen(1)));
    expect(world.archive.get(QUARANTINE)).toMatchObject({
      set_aside: [{ reason: "order 1: accepted, but it was expired before" }],
    });
  });

  it("on an old page that is archived again replaces no newer one", async () => {
    const world = new World();
    world.given(1);
    await archive(world, { ...page(foreseen(1)), number: 1 });
    world.rawPages.set(RAW, JSON.stringify({ results: true, orders: [foreseen(1, "rejected")] }));
    world.pass(120_000);
    await archiveKept(world, { key: RAW }, "replay-1");
    expect(stored(world, 1)?.preliminary?.status).toBe("accepted");
  });

  it.each(
    ["get", "change", "write"].flatMap((step) =>
      (["before", "after"] as const satisfies Fault[]).map((fault) => [step, fault] as const),
    ),
  )("is whole after a retry where the page fails at %s (%s it took effect)", async (step, fault) => {
    const world = new World();
    world.given(1, "received");
    world.faults.next(step, fault);
    const content = page(foreseen(1, "accepted", PART));
    expect(E.isLeft(await archive(world, content))).toBe(true);
    expect(E.isRight(await archive(world, content))).toBe(true);
    expect(stored(world, 1)).toMatchObject({
      status: "submitted",
      submitted_by: "run-1",
      preliminary: { status: "accepted", ...PART },
    });
  });
});

/** One order's results, some of them on one page, in the order in which the auction platform gives them. */
const results = fc.array(
  fc.record({
    status: fc.constantFrom("accepted" as const, "rejected" as const),
    awarded: fc.constantFrom(1, 2),
    final: fc.boolean(),
    startsPage: fc.boolean(),
  }),
  { maxLength: 8 },
);

it("the first final result decides an order, whatever comes before, after or again", async () => {
  await fc.assert(
    fc.asyncProperty(
      results,
      fc.constantFrom("received" as const, "submitted" as const),
      async (all, from) => {
        const world = new World();
        world.given(1, from);
        const told = all.map(({ status, awarded, final }) => ({
          ...result(1, status),
          final,
          awarded_power: status === "accepted" ? awarded : 0,
        }));
        const starts = all.flatMap(({ startsPage }, index) => (startsPage || index === 0 ? [index] : []));
        const pages = starts.map((start, index) => told.slice(start, starts[index + 1]));
        for (const [number, orders] of pages.entries()) {
          await archive(world, { ...page(...orders), number });
          await archive(world, { ...page(...orders), number });
        }
        const decisive = told.find((_, index) => all[index]?.final === true);
        const end = stored(world, 1);
        expect(end?.status).toBe(decisive?.status ?? (told.length === 0 ? from : "submitted"));
        if (decisive === undefined) {
          expect(end?.preliminary?.status).toBe(told.at(-1)?.status);
          expect(world.archive.size).toBe(0);
        } else expect(end?.awarded_power).toBe(decisive.awarded_power);
      },
    ),
  );
});
