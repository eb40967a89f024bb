import fc from "fast-check";
import { dynamo } from "../../../functions/adapters/clients";
import { dynamoOrderTable } from "../../../functions/adapters/dynamo-order-table";
import type { OrderId } from "../../../functions/domain/order";
import { Status } from "../../../functions/domain/status";
import type { Change, StoredOrder } from "../../../functions/domain/stored-order";
import type { OrderTable } from "../../../functions/ports/capabilities";
import { listOrders } from "../../../functions/query-orders/query-orders";
import { decodeListQuery } from "../../../functions/query-orders/request";
import { ORDERS } from "../../../functions/tables";
import { createTable, own, spoil, useAws } from "../../support/aws";
import { ok, order, World } from "../../support/in-memory";
import * as E from "fp-ts/Either";
import * as t from "io-ts";

const signal = new AbortController().signal;

beforeAll(useAws);

const Query = t.type({ IndexName: t.string });
const Scanned = t.type({ ScannedCount: t.number });

const Shown = t.type({ order_id: t.number, status: t.string });
const Page = t.intersection([t.type({ orders: t.readonlyArray(Shown) }), t.partial({ cursor: t.string })]);
type Page = t.TypeOf<typeof Page>;

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

/** A page as the API shows it, by the cursor that the page before had. */
const read = async (
  table: OrderTable,
  status: Status | undefined,
  limit: number,
  cursor?: string,
): Promise<Page> => {
  const query = decodeListQuery({
    limit: String(limit),
    ...(status === undefined ? {} : { status }),
    ...(cursor === undefined ? {} : { cursor }),
  });
  if (E.isLeft(query)) throw new Error(JSON.stringify(query.left));
  const page: unknown = await ok(listOrders(query.right)({ ...new World().ports, orders: table }));
  if (!Page.is(page)) throw new Error(`not a page: ${JSON.stringify(page)}`);
  return page;
};

const STEPS = ["insert", "submit", "decide", "refuse", "requeue", "report", "read"] as const;
type Step = { readonly kind: (typeof STEPS)[number]; readonly which: number };

const stepOf = (weights: Readonly<Record<Step["kind"], number>>): fc.Arbitrary<Step> =>
  fc.record({
    kind: fc.oneof(...STEPS.map((kind) => ({ weight: weights[kind], arbitrary: fc.constant(kind) }))),
    which: fc.nat(15),
  });

const before = stepOf({ insert: 8, submit: 2, decide: 1, refuse: 1, requeue: 1, report: 1, read: 0 });
const during = stepOf({ insert: 2, submit: 2, decide: 1, refuse: 1, requeue: 3, report: 3, read: 4 });

const changeOf = (kind: Step["kind"], now: string): Change | undefined => {
  switch (kind) {
    case "submit":
      return { _tag: "Submitted", by: "run", at: now };
    case "decide":
      return { _tag: "Decided", at: now, verdict: "accepted", archiveKey: "k", expiresAt: 1 };
    case "refuse":
      return { _tag: "Refused", by: "run", at: now, reason: "no" };
    case "requeue":
      return { _tag: "Requeued", at: now, requeues: 1, quietUntil: now };
    case "report":
      return { _tag: "OverdueReported", at: now, quietUntil: now };
    case "insert":
    case "read":
      return undefined;
  }
};

/** A table, what is in it, and a clock that never stands still. */
class Desk {
  readonly stored = new Map<OrderId, StoredOrder>();
  readonly statuses = new Map<OrderId, Status>();
  private second = 0;

  readonly table: OrderTable;

  constructor(readonly name: string) {
    this.table = dynamoOrderTable(name, signal);
  }

  async do({ kind, which }: Step): Promise<void> {
    this.second += 1;
    const now = at(this.second);
    if (kind === "insert") {
      const placed: StoredOrder = {
        ...order(this.stored.size + 1),
        status: "received",
        request_id: "r",
        received_at: now,
      };
      await ok(this.table.insert(placed));
      this.stored.set(placed.order_id, placed);
      this.statuses.set(placed.order_id, "received");
      return;
    }
    const chosen = [...this.stored.values()][which % Math.max(this.stored.size, 1)];
    const change = changeOf(kind, now);
    if (
      chosen === undefined ||
      change === undefined ||
      !(await ok(this.table.change(chosen.order_id, change)))
    )
      return;
    if (kind === "submit") this.statuses.set(chosen.order_id, "submitted");
    if (kind === "decide") this.statuses.set(chosen.order_id, "accepted");
    if (kind === "refuse") this.statuses.set(chosen.order_id, "rejected");
  }
}

const newDesk = async (): Promise<Desk> => {
  const name = own("orders");
  await createTable(name, ORDERS);
  return new Desk(name);
};

describe("walking a list while orders come and change", () => {
  it("skips no order that was there before and shows none twice; a status drops none that kept it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(before, { minLength: 6, maxLength: 16 }),
        fc.array(during, { minLength: 6, maxLength: 28 }),
        fc.option(fc.constantFrom(...Object.keys(Status.keys).filter(Status.is)), {
          nil: undefined,
          freq: 4,
        }),
        fc.integer({ min: 1, max: 3 }),
        async (first, meanwhile, status, limit) => {
          const desk = await newDesk();
          for (const each of first) await desk.do(each);

          const has = (id: OrderId): boolean => status === undefined || desk.statuses.get(id) === status;
          const there = [...desk.stored.keys()].filter(has);
          const kept = new Set(there);
          const seen: number[] = [];
          const turn = async (cursor?: string): Promise<string | undefined> => {
            const page = await read(desk.table, status, limit, cursor);
            expect(page.orders.length).toBeLessThanOrEqual(limit);
            for (const shown of page.orders)
              expect(shown.status).toBe(desk.statuses.get(order(shown.order_id).order_id));
            seen.push(...page.orders.map(({ order_id }) => order_id));
            return page.cursor;
          };

          let cursor = await turn();
          let left = meanwhile;
          while (cursor !== undefined) {
            const [next, ...rest] = left;
            left = rest;
            if (next === undefined || next.kind === "read") cursor = await turn(cursor);
            else await desk.do(next);
            for (const id of kept) if (!has(id)) kept.delete(id);
          }
          expect(new Set(seen).size).toBe(seen.length);
          expect([...kept].filter((id) => !seen.includes(id))).toEqual([]);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("shows the last received first, and those of a status as they got it", async () => {
    const desk = await newDesk();
    const insert: Step = { kind: "insert", which: 0 };
    for (const each of [insert, insert, insert, insert]) await desk.do(each);
    for (const which of [3, 0, 2]) await desk.do({ kind: "submit", which });
    const ids = async (status?: Status) =>
      (await read(desk.table, status, 100)).orders.map(({ order_id }) => order_id);
    expect(await ids()).toEqual([4, 3, 2, 1]);
    expect(await ids("submitted")).toEqual([3, 1, 4]);
    expect(await ids("received")).toEqual([2]);
  });

  it("fills a page as long as there are orders, however many were submitted or decided at once", async () => {
    const desk = await newDesk();
    for (let made = 0; made < 30; made += 1) await desk.do({ kind: "insert", which: 0 });
    for (let which = 0; which < 30; which += 1)
      await desk.do({ kind: which % 2 === 0 ? "decide" : "submit", which });
    const pages: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await read(desk.table, undefined, 2, cursor);
      pages.push(page.orders.length);
      ({ cursor } = page);
    } while (cursor !== undefined);
    expect(pages.slice(0, 15)).toEqual(Array.from({ length: 15 }, () => 2));
    expect((await read(desk.table, undefined, 100)).orders).toHaveLength(30);
    expect((await read(desk.table, undefined, 100)).cursor).toBeUndefined();
  });

  it("passes over an order that cannot be read, and shows the others", async () => {
    const desk = await newDesk();
    for (const which of [0, 1, 2]) await desk.do({ kind: "insert", which });
    await spoil(desk.name, 2);
    expect((await read(desk.table, undefined, 100)).orders.map(({ order_id }) => order_id)).toEqual([3, 1]);
    expect((await read(desk.table, "received", 1)).orders).toMatchObject([{ order_id: 3 }]);
    expect(await ok(desk.table.get([order(2).order_id]))).toEqual(
      new Map([
        [
          2,
          E.left({
            order_id: 2,
            faults: "product: expected 1 to 64 characters, got a string of 65 characters",
            reported: false,
          }),
        ],
      ]),
    );
  });

  it("reads as much for a page of few orders as for a page of many", async () => {
    const desk = await newDesk();
    const rowsRead: number[] = [];
    dynamo().middlewareStack.add(
      (next) => async (args) => {
        const done = await next(args);
        if (Query.is(args.input) && Scanned.is(done.output)) rowsRead.push(done.output.ScannedCount);
        return done;
      },
      { step: "initialize", name: "cost" },
    );
    const costOf = async (status?: Status) => {
      rowsRead.length = 0;
      await read(desk.table, status, 5);
      return { queries: rowsRead.length, rows: rowsRead.reduce((sum, rows) => sum + rows, 0) };
    };
    const insert = async (count: number): Promise<void> => {
      for (let made = 0; made < count; made += 1) await desk.do({ kind: "insert", which: 0 });
    };
    await insert(10);
    const few = [await costOf(), await costOf("received")];
    await insert(90);
    const many = [await costOf(), await costOf("received")];
    dynamo().middlewareStack.remove("cost");
    expect(many.map(({ queries }) => queries)).toEqual(few.map(({ queries }) => queries));
    for (const { queries, rows } of many) expect(rows).toBeLessThanOrEqual(5 * queries);
  });
});
