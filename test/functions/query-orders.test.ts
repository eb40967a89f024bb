import * as E from "fp-ts/Either";
import type { OrderTable } from "../../functions/ports/capabilities";
import { findOrder, type ListQuery, listOrders } from "../../functions/query-orders/query-orders";
import { decodeListQuery, decodeOrderId } from "../../functions/query-orders/request";
import { order, World } from "../support/in-memory";

const place = "2026-01-01T00:00:00.000Z#7";
const cursor = Buffer.from(place).toString("base64url");

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
    });
  });

  it("may not be there", async () => {
    expect(await findOrder(order(9).order_id)(new World().ports)()).toEqual(E.right(undefined));
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
    const list: OrderTable["list"] = (query) => {
      asked.push(query);
      return () => Promise.resolve(E.right({ orders: [], next: place }));
    };
    const query = E.getOrElse((): ListQuery => {
      throw new Error("not a query");
    })(decodeListQuery({ status: "rejected", limit: "7", cursor }));
    const page = await listOrders(query)({ orders: { ...new World().ports.orders, list } })();
    expect(asked).toEqual([{ statuses: ["rejected"], limit: 7, after: place }]);
    expect(page).toEqual(E.right({ orders: [], cursor }));
  });

  it("is of all statuses, fifty at a time, where nothing else is asked", () => {
    expect(decodeListQuery(undefined)).toEqual(E.right({ limit: 50 }));
  });

  it.each([
    ["status", "lost"],
    ["limit", "0"],
    ["limit", "101"],
    ["limit", "ten"],
    ["cursor", "not-one"],
    ["page", "2"],
  ])("is refused with 400 for %s=%s", (name, value) => {
    expect(decodeListQuery({ [name]: value })).toMatchObject({
      left: { status: 400, errors: [{ path: name }] },
    });
  });
});
