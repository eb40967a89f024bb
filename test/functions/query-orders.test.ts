import * as E from "fp-ts/Either";
import type { Status } from "../../functions/domain/status";
import type { OrderTable } from "../../functions/ports/capabilities";
import { encodeCursor } from "../../functions/query-orders/cursor";
import {
  checkHealth,
  findOrder,
  type ListQuery,
  listOrders,
} from "../../functions/query-orders/query-orders";
import { decodeOrderId } from "../../functions/http/order-id";
import { decodeListQuery } from "../../functions/query-orders/request";
import { order, World } from "../support/in-memory";

const place = "2026-01-01T00:00:00.000Z#7";
const cursor = encodeCursor({ status: "rejected" }, place);
const raw = (text: string): string => Buffer.from(text).toString("base64url");

const query = (parameters: Record<string, string>): ListQuery =>
  E.getOrElse((): ListQuery => {
    throw new Error("not a query");
  })(decodeListQuery(parameters));

const list = async (world: World, status?: Status): Promise<unknown> =>
  JSON.parse(
    JSON.stringify(
      E.getOrElse((): unknown => "failed")(
        await listOrders({ limit: 50, ...(status === undefined ? {} : { status }) })(world.ports)(),
      ),
    ),
  );

describe("health", () => {
  const health = async (world: World): Promise<unknown> =>
    JSON.parse(JSON.stringify(await checkHealth(world.ports)()));

  it("is that the tables answer, and says while trading is halted since when and why", async () => {
    const world = new World();
    expect(await health(world)).toMatchObject({ right: { status: "ok" } });
    const [since, at] = ["2026-01-01T00:00:00.000Z", "2026-01-01T01:00:00.000Z"];
    world.said = { state: "halted", at, since, reason: "why", intake: "refused", announced: true };
    expect(await health(world)).toEqual({
      _tag: "Right",
      right: { status: "ok", halted: { since, reason: "why", intake: "refused" } },
    });
    world.said = { state: "resumed", at, reason: "why", announced: true };
    expect(await health(world)).toEqual({ _tag: "Right", right: { status: "ok" } });
  });

  it.each(["ping", "trading"])("is none where %s does not answer", async (operation) => {
    const world = new World();
    world.faults.next(operation, "before");
    expect(await health(world)).toMatchObject({ _tag: "Left" });
  });
});

describe("one order", () => {
  it("is shown with what clients may know of it, and nothing of how it is kept", async () => {
    const world = new World();
    world.given(1, "accepted", { decided_at: "2026-01-02T00:00:00.000Z", archive_key: "k", requeues: 3 });
    const found = await findOrder(order(1).order_id)(world.ports)();
    expect(JSON.parse(JSON.stringify(E.isRight(found) && found.right))).toEqual({
      ...order(1),
      status: "accepted",
      received_at: "2026-01-01T00:00:00.000Z",
      decided_at: "2026-01-02T00:00:00.000Z",
      history: [
        { status: "received", at: "2026-01-01T00:00:00.000Z", request_id: "request-1" },
        { status: "accepted", at: "2026-01-02T00:00:00.000Z", archive_key: "k" },
      ],
    });
  });

  it("may not be there", async () => {
    expect(await findOrder(order(9).order_id)(new World().ports)()).toMatchObject({ left: { status: 404 } });
  });

  it("that cannot be read is a problem of its own, which asks for no repetition and is counted", async () => {
    const world = new World();
    world.givenUnreadable(5);
    const found = await findOrder(order(5).order_id)(world.ports)();
    expect(found).toMatchObject({ left: { status: 500, title: "The stored order cannot be read" } });
    expect(E.isLeft(found) && "retryAfterSeconds" in found.left).toBe(false);
    expect(world.logged).toEqual([
      {
        level: "error",
        event: "stored orders unreadable",
        fields: expect.objectContaining({
          orders: [{ order_id: 5, faults: "product: expected …" }],
          environment: "test",
          UnreadableOrders: 1,
          _aws: expect.objectContaining({ CloudWatchMetrics: [expect.anything()] }),
        }),
      },
    ]);
  });

  it.each(["0", "-1", "1.5", "01", "x", "", "9007199254740992", "99999999999999999999"])(
    "has not the id %j",
    (order_id) => {
      expect(decodeOrderId({ order_id })).toMatchObject({
        left: { status: 400, errors: [{ path: "order_id" }] },
      });
    },
  );
});

describe("a list of orders", () => {
  it("continues from where the last page ended, by a cursor that says nothing to others", async () => {
    const asked: unknown[] = [];
    const listed: OrderTable["list"] = (wanted) => {
      asked.push(wanted);
      return () => Promise.resolve(E.right({ ids: [], next: place }));
    };
    const ports = new World().ports;
    const page = await listOrders(query({ status: "rejected", limit: "7", cursor }))({
      ...ports,
      orders: { ...ports.orders, list: listed },
    })();
    expect(asked).toEqual([{ of: "rejected", limit: 7, after: place }]);
    expect(page).toEqual(E.right({ orders: [], cursor }));
  });

  it("is of all statuses, fifty at a time, where nothing else is asked", () => {
    expect(decodeListQuery(undefined)).toEqual(E.right({ limit: 50 }));
  });

  it("shows orders as they stand, whatever the index has of them, and passes over one that cannot be read", async () => {
    const world = new World();
    world.given(1, "submitted");
    world.given(2, "accepted");
    world.givenUnreadable(3);
    world.strayRows.add(order(4).order_id);
    expect(await list(world)).toMatchObject({ orders: [{ order_id: 1 }, { order_id: 2 }] });
    expect(await list(world, "submitted")).toMatchObject({ orders: [{ order_id: 1, status: "submitted" }] });
    expect(world.logged).toEqual([
      expect.objectContaining({ level: "error", event: "stored orders unreadable" }),
      expect.objectContaining({ level: "error", event: "stored orders unreadable" }),
    ]);
  });

  it.each([
    ["status", "lost"],
    ["limit", "0"],
    ["limit", "101"],
    ["limit", "ten"],
    ["page", "2"],
  ])("is refused with 400 for %s=%s", (name, value) => {
    expect(decodeListQuery({ [name]: value })).toMatchObject({
      left: { status: 400, errors: [{ path: name }] },
    });
  });
});

describe("a cursor", () => {
  it.each([
    ["empty", ""],
    ["not one", "not-one"],
    ["with something after it", `${cursor}AA`],
    ["with a letter of no alphabet after it", `${cursor}!`],
    ["padded", `${cursor}==`],
    ["cut off", cursor.slice(0, -1)],
    ["of the other alphabet", Buffer.from(`rejected@${place}`).toString("base64")],
    ["of the last release", raw(place)],
    ["of a day that is in no calendar", raw("rejected@2026-02-30T00:00:00.000Z#7")],
    ["of a time that is in no day", raw("rejected@2026-01-01T25:00:00.000Z#7")],
    ["of a time written otherwise", raw("rejected@2026-01-01T00:00:00Z#7")],
    ["of no order", raw("rejected@2026-01-01T00:00:00.000Z#0")],
    ["of an id beyond 2^53", raw("rejected@2026-01-01T00:00:00.000Z#9007199254740993")],
    ["of a part that a list of one status has not", raw(`rejected@1:${place}`)],
    ["of a part that is none", raw(`all@4:${place}`)],
    ["of a list that is none", raw(`lost@${place}`)],
  ])("%s is refused as one that no answer gave", (_, text) => {
    expect(decodeListQuery({ status: "rejected", cursor: text })).toMatchObject({
      left: {
        status: 400,
        errors: [
          {
            path: "cursor",
            expected: "a cursor as an earlier answer gave it, unchanged",
            actual: "something no answer gave",
          },
        ],
      },
    });
  });

  it("is refused by its length before it is looked at", () => {
    expect(decodeListQuery({ cursor: "x".repeat(100_000) })).toMatchObject({
      left: {
        errors: [
          {
            path: "cursor",
            expected: "a cursor of at most 100 characters",
            actual: "a string of 100000 characters",
          },
        ],
      },
    });
  });

  it("is refused on another list, and told which list it is of", () => {
    const refused = (expected: string, actual: string) => ({
      left: { status: 400, errors: [{ path: "cursor", expected, actual }] },
    });
    expect(decodeListQuery({ cursor })).toMatchObject(
      refused("a cursor of a list of all orders", "a cursor of a list with status=rejected"),
    );
    expect(decodeListQuery({ status: "accepted", cursor: encodeCursor({}, place) })).toMatchObject(
      refused("a cursor of a list with status=accepted", "a cursor of a list of all orders"),
    );
  });

  it("goes with any limit", () => {
    expect(query({ status: "rejected", cursor, limit: "3" })).toEqual({
      status: "rejected",
      limit: 3,
      after: place,
    });
  });
});
