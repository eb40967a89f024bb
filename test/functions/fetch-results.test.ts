import * as E from "fp-ts/Either";
import * as TE from "fp-ts/TaskEither";
import { permanent, type PortError, transient } from "../../functions/ports/errors";
import { World } from "../support/in-memory";
import { answers, fetch, result } from "./results-steps";

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
