import * as E from "fp-ts/Either";
import * as TE from "fp-ts/TaskEither";
import { releaseLease } from "../../functions/fetch-results/fetch-results";
import { permanent, type PortError, transient } from "../../functions/ports/errors";
import { World } from "../support/in-memory";
import { answers, fetch, result } from "./results-steps";

describe("fetching a page", () => {
  it("names it after the execution that begins it and asks from where reading stands", async () => {
    const world = new World();
    world.checkpoint.position = { cursor: "c7" };
    const asked: unknown[] = [];
    const answer = { results: true, orders: [result(1)], cursor: "c8" };
    const fetched = await fetch(world, answers(answer, asked));
    const [key] = world.rawPages.keys();
    expect(JSON.parse(world.rawPages.get(String(key)) ?? "")).toEqual(answer);
    expect(fetched).toEqual(
      E.right({
        outcome: "page",
        waits: 0,
        pages: 0,
        page: {
          run: "run-1",
          number: 0,
          dt: "2026-01-01",
          fetched_at: "2026-01-01T00:00:00.000Z",
          cursor: "c7",
          next: "c8",
          key,
        },
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
      right: { outcome: "page", page: { cursor: "c7" } },
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

  it.each([
    ["1,000 orders with 1 kB of other fields each", 1_000, 1_000, undefined],
    ["1,001 orders", 1_001, 0, "it has 1001 orders, at most 1000 are read"],
    ["17 MB", 17, 1_000_000, expect.stringMatching(/^it has 170\d+ bytes, at most 16777216 are read$/)],
  ])("keeps a page of %s, and says where it is too large to be archived", async (_, count, size, refused) => {
    const world = new World();
    const orders = Array.from({ length: count }, (__, index) =>
      result(index + 1, "accepted", { other: "x".repeat(size) }),
    );
    const fetched = await fetch(world, answers({ results: true, orders, cursor: "c1" }));
    expect(fetched).toMatchObject({ right: { outcome: "page", page: { next: "c1" } } });
    expect(E.isRight(fetched) && fetched.right.outcome === "page" && fetched.right.page.refused).toEqual(
      refused,
    );
    expect(JSON.stringify(fetched).length).toBeLessThan(1_000);
    expect(world.rawPages.size).toBe(1);
  });

  it("keeps the place in the feed and the lease where it fails, until the lease is released", async () => {
    const world = new World();
    const position = { cursor: "c4" };
    world.checkpoint = { position };
    const error = permanent("fetching results", "404");
    expect(await fetch(world, () => TE.left(error))).toEqual(E.left(error));
    expect(world.checkpoint).toMatchObject({ position, holder: "run-1" });
    await releaseLease({ execution: "run-2", release: true })(world.ports)();
    expect(world.checkpoint.holder).toBe("run-1");
    await releaseLease({ execution: "run-1", release: true })(world.ports)();
    expect(world.checkpoint).toEqual({ position });
  });

  it("passes on that the platform is down", async () => {
    const error: PortError = transient("fetching results", "503");
    expect(await fetch(new World(), () => () => Promise.resolve(E.left(error)))).toEqual(E.left(error));
  });
});
