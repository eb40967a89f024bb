import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BatchWriteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as E from "fp-ts/Either";
import * as RA from "fp-ts/ReadonlyArray";
import { orderIn } from "../../../console/reads/order-item";
import { dynamoAnnouncements } from "../../../functions/adapters/dynamo-announcements";
import { dynamoOrderTable } from "../../../functions/adapters/dynamo-order-table";
import type { Item } from "../../../functions/adapters/order-item";
import type { OrderId } from "../../../functions/domain/order";
import { decodeResults } from "../../../functions/domain/results";
import { settle } from "../../../functions/domain/settlement";
import type { OrderTable } from "../../../functions/ports/capabilities";
import type { Status } from "../../../functions/domain/status";
import { readNotice } from "../../../functions/notify-slack/notice";
import { announced } from "../../../functions/domain/announcement";
import { ORDERS } from "../../../functions/tables";
import { createTable, own, useAws } from "../../support/aws";
import { ok, order, World } from "../../support/in-memory";
import { sweepOrders } from "../../../functions/sweep-orders/sweep-orders";

/**
 * Items as each release wrote them, and as main did just before orders had gates and just before they said who placed
 * them: by its own code, of orders that its own rules took, in every status. What one release stored the next ones
 * read, list, sweep and settle.
 */
const RELEASES = ["v0.1.0", "before-gates", "before-placed-by"];

const itemsOf = (release: string): ReadonlyArray<Item> =>
  JSON.parse(
    readFileSync(join("test", "fixtures", "stored-orders", `${release}.json`), "utf8"),
  ) as ReadonlyArray<Item>;

/** What an item says of its order: texts and numbers. */
const said = (item: Item): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(item).flatMap(([name, { S, N, SS }]) =>
      /_(shard|since|at|from)$|^expires/.test(name) && !/(received|submitted|decided)_at/.test(name)
        ? []
        : [[name, SS ?? S ?? Number(N)]],
    ),
  );

const signal = new AbortController().signal;

beforeAll(useAws);

describe.each(RELEASES)("orders stored by release %s", (release) => {
  const items = itemsOf(release);
  const ids = items.map((item) => order(Number(item["order_id"]?.N)).order_id);
  let name = "";
  let table: OrderTable;

  beforeEach(async () => {
    const dynamo = new DynamoDBClient({});
    name = own(release);
    table = dynamoOrderTable(name, signal);
    await createTable(name, ORDERS);
    await dynamo.send(
      new BatchWriteItemCommand({
        RequestItems: { [name]: items.map((Item) => ({ PutRequest: { Item } })) },
      }),
    );
  });

  const walk = async (status?: Status): Promise<ReadonlyArray<OrderId>> => {
    const seen: OrderId[] = [];
    let after: string | undefined;
    do {
      const page = await ok(
        table.list({
          limit: 3,
          ...(status === undefined ? {} : { of: status }),
          ...(after === undefined ? {} : { after }),
        }),
      );
      seen.push(...page.ids);
      after = page.next;
    } while (after !== undefined);
    return seen;
  };

  it("can all be read, to the letter", async () => {
    const found = await ok(table.get(ids));
    for (const [index, id] of ids.entries())
      expect(found.get(id)).toMatchObject({ right: said(items[index] ?? {}) });
  });

  it("are shown in the console, to the letter", () => {
    for (const item of items) {
      const { order_id, ...shown } = { order_id: 0, ...orderIn(item) };
      expect(said(item)).toMatchObject({ order_id, ...shown });
    }
  });

  it("are all listed, once each, before and after they change", async () => {
    const sorted = [...ids].sort((a, b) => a - b);
    expect([...(await walk())].sort((a, b) => a - b)).toEqual(sorted);
    for (const found of (await ok(table.get(ids))).values())
      if (E.isRight(found))
        await ok(
          table.change(found.right.order_id, {
            _tag: "Decided",
            at: "2027-01-06T00:00:00.000Z",
            verdict: "accepted",
            archiveKey: "k",
            expiresAt: 1_800_000_000,
          }),
        );
    expect([...(await walk())].sort((a, b) => a - b)).toEqual(sorted);
  });

  it("are none skipped by a walk, although they change and others come", async () => {
    const seen = new Set<OrderId>();
    const left = [...ids].reverse();
    let after: string | undefined;
    let turns = 0;
    do {
      const page = await ok(table.list({ limit: 1, ...(after === undefined ? {} : { after }) }));
      for (const id of page.ids) seen.add(id);
      turns += 1;
      await ok(
        table.insert({
          ...order(1_000 + turns),
          status: "received",
          request_id: "r",
          received_at: "2027-02-01T00:00:00.000Z",
        }),
      );
      const id = left.pop();
      if (id !== undefined)
        await ok(table.change(id, { _tag: "Submitted", by: "run", at: "2027-02-01T00:00:00.000Z" }));
      after = page.next;
    } while (after !== undefined);
    expect(ids.filter((id) => !seen.has(id))).toEqual([]);
  });

  it("are all listed by their status", async () => {
    for (const status of ["received", "submitted", "accepted", "rejected", "expired"] as const) {
      const having = ids.filter((_, index) => items[index]?.["status"]?.S === status);
      expect([...(await walk(status))].sort((a, b) => a - b)).toEqual([...having].sort((a, b) => a - b));
    }
  });

  it("are found by the sweep while they are in flight", async () => {
    const world = new World();
    world.time = Date.parse("2027-03-01T00:00:00.000Z");
    const swept = await sweepOrders({
      ...world.ports,
      orders: table,
      announcements: dynamoAnnouncements(name, signal),
      deadline: world.time + 60_000,
      stuckAfterSeconds: 60,
      overdueAfterSeconds: 60,
      retentionSeconds: 3_600,
      invocation: "sweep",
    })();
    const having = (status: Status) => items.filter((item) => item["status"]?.S === status);
    const { left: open, right: closed } = RA.partition((item: Item) => item["valid_until"] !== undefined)(
      having("received"),
    );
    expect(swept).toEqual(
      E.right({ requeued: open.length, overdue: having("submitted").length, complete: true }),
    );
    const found = await ok(table.get(ids));
    for (const { order_id, attempts } of closed)
      expect(found.get(order(Number(order_id?.N)).order_id)).toMatchObject({
        right: { status: attempts === undefined ? "expired" : "received" },
      });
  });

  it("match their results, and can be announced", async () => {
    const found = await ok(table.get(ids));
    const { results, malformed } = decodeResults(
      items
        .filter((item) => item["status"]?.S !== "expired")
        .map((item) => ({
          order_id: Number(item["order_id"]?.N),
          product: item["product"]?.S,
          power: Number(item["power"]?.N),
          status: item["status"]?.S === "rejected" ? "rejected" : "accepted",
        })),
    );
    expect(malformed).toEqual([]);
    const page = { keys: { accepted: "a", rejected: "b" }, isReplayed: false };
    expect(settle(results, found, page).setAside).toEqual([]);
    const orders = [...found.values()].flatMap((each) => (E.isRight(each) ? [announced(each.right)] : []));
    expect(readNotice(JSON.stringify({ kind: "orders-overdue", environment: "test", orders }))).toMatchObject(
      {
        _tag: "Announcement",
      },
    );
  });
});
