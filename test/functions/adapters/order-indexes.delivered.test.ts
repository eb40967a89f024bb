import * as E from "fp-ts/Either";
import fc from "fast-check";
import * as t from "io-ts";
import { dynamo } from "../../../functions/adapters/clients";
import { dynamoOrderTable } from "../../../functions/adapters/dynamo-order-table";
import type { Status } from "../../../functions/domain/status";
import type { StoredOrder } from "../../../functions/domain/stored-order";
import { listOrders } from "../../../functions/query-orders/query-orders";
import { decodeListQuery } from "../../../functions/query-orders/request";
import { ORDERS } from "../../../functions/tables";
import { createTable, own, useAws } from "../../support/aws";
import { ok, order, World } from "../../support/in-memory";
import { instant } from "../../support/instant";

const TABLE = own("orders");

const table = dynamoOrderTable(TABLE, new AbortController().signal);
const HOUR = 3_600_000;
const BEGIN = Date.parse("2026-10-25T00:00:00+02:00");

/** The hour of an order's delivery, in the offset of its place: the text does not sort as the time does. */
const startOf = (hour: number): string =>
  hour % 2 === 0
    ? new Date(BEGIN + hour * HOUR).toISOString()
    : new Date(BEGIN + (hour + 5) * HOUR).toISOString().replace("Z", "+05:00");

const HOURS = 25;
const ORDERS_AN_HOUR = 2;
const hourOf = (id: number): number => Math.floor((id - 1) / ORDERS_AN_HOUR);

const stored = (id: number): StoredOrder => ({
  ...order(id),
  delivery_start: instant(startOf(hourOf(id))),
  delivery_end: instant(startOf(hourOf(id) + 1)),
  reference: `order ${id}`,
  valid_until: instant("2026-10-24T12:00:00+02:00"),
  status: "received",
  request_id: "r",
  received_at: new Date(BEGIN - id).toISOString(),
});

const IDS = Array.from({ length: HOURS * ORDERS_AN_HOUR }, (_, index) => index + 1);

beforeAll(async () => {
  await useAws();
  await createTable(TABLE, ORDERS);
  for (const id of IDS) await ok(table.insert(stored(id)));
  await ok(
    table.insert({
      ...order(1_000),
      status: "received",
      request_id: "r",
      received_at: "2026-10-24T00:00:00.000Z",
    }),
  );
  for (const id of IDS.filter((each) => each % 4 === 0))
    await ok(
      table.change(order(id).order_id, { _tag: "Submitted", by: "run", at: "2026-10-24T11:00:00.000Z" }),
    );
});

const Scanned = t.type({ ScannedCount: t.number });
const Page = t.intersection([
  t.type({ orders: t.readonlyArray(t.type({ order_id: t.number, status: t.string })) }),
  t.partial({ cursor: t.string }),
]);

const walk = async (parameters: Readonly<Record<string, string>>): Promise<ReadonlyArray<number>> => {
  const seen: number[] = [];
  for (let cursor: string | undefined; ;) {
    const query = decodeListQuery({ ...parameters, ...(cursor === undefined ? {} : { cursor }) });
    if (E.isLeft(query)) throw new Error(JSON.stringify(query.left));
    const page: unknown = await ok(listOrders(query.right)({ ...new World().ports, orders: table }));
    if (!Page.is(page)) throw new Error(JSON.stringify(page));
    seen.push(...page.orders.map(({ order_id }) => order_id));
    if (page.cursor === undefined) return seen;
    ({ cursor } = page);
  }
};

const hour = fc.option(fc.integer({ min: -2, max: HOURS + 2 }), { nil: undefined });

describe("the list of orders by their delivery", () => {
  it("has each order whose delivery begins in the span, once and the earliest first, and no other", async () => {
    await fc.assert(
      fc.asyncProperty(
        hour,
        hour,
        fc.integer({ min: 2, max: 20 }),
        fc.constantFrom<Status | undefined>(undefined, "received", "submitted"),
        async (from, to, limit, status) => {
          fc.pre((from !== undefined || to !== undefined) && (from ?? -3) < (to ?? HOURS + 3));
          const seen = await walk({
            limit: String(limit),
            ...(from === undefined ? {} : { delivery_from: startOf(from) }),
            ...(to === undefined ? {} : { delivery_to: startOf(to) }),
            ...(status === undefined ? {} : { status }),
          });
          const wanted = IDS.filter(
            (id) =>
              hourOf(id) >= (from ?? -3) &&
              hourOf(id) < (to ?? HOURS + 3) &&
              (status === undefined || (status === "submitted") === (id % 4 === 0)),
          );
          expect([...seen].sort((a, b) => a - b)).toEqual(wanted);
          expect(seen.map(hourOf)).toEqual(wanted.map(hourOf));
        },
      ),
      { numRuns: 20 },
    );
  });

  it("reads the rows of its span, and not the others", async () => {
    const counts: number[] = [];
    dynamo().middlewareStack.add(
      (next) => async (args) => {
        const done = await next(args);
        if (Scanned.is(done.output)) counts.push(done.output.ScannedCount);
        return done;
      },
      { step: "initialize", name: "cost" },
    );
    expect(await walk({ limit: "100", delivery_from: startOf(3), delivery_to: startOf(4) })).toHaveLength(
      ORDERS_AN_HOUR,
    );
    dynamo().middlewareStack.remove("cost");
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(ORDERS_AN_HOUR);
  });

  it("gives an order back as it was stored, whatever its status has become", async () => {
    expect((await ok(table.get([order(1).order_id]))).get(order(1).order_id)).toEqual(E.right(stored(1)));
    expect((await ok(table.get([order(4).order_id]))).get(order(4).order_id)).toEqual(
      E.right({
        ...stored(4),
        status: "submitted",
        submitted_at: "2026-10-24T11:00:00.000Z",
        submitted_by: "run",
      }),
    );
  });

  it("goes on in a shorter span that its cursor is behind, with nothing", async () => {
    const query = decodeListQuery({ limit: "1", delivery_from: startOf(5) });
    if (E.isLeft(query)) throw new Error(JSON.stringify(query.left));
    const page: unknown = await ok(listOrders(query.right)({ ...new World().ports, orders: table }));
    if (!Page.is(page) || page.cursor === undefined) throw new Error(JSON.stringify(page));
    expect(await walk({ cursor: page.cursor, delivery_to: startOf(2) })).toEqual([]);
  });

  it.each([
    [{ delivery_from: "2026-10-25" }, "delivery_from"],
    [{ delivery_to: "2026-10-25T00:00:00 02:00" }, "delivery_to"],
    [{ delivery_from: startOf(2), delivery_to: startOf(2) }, "delivery_to"],
  ])("is refused by the parameter with %j", (parameters, path) => {
    expect(decodeListQuery(parameters)).toMatchObject({ left: { errors: [{ path }] } });
  });
});
