import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import * as E from "fp-ts/Either";
import { dynamoOrderTable } from "../../../functions/adapters/dynamo-order-table";
import { traverseBounded } from "../../../functions/fp/bounded";
import type { Status } from "../../../functions/domain/status";
import type { Change, StoredOrder } from "../../../functions/domain/stored-order";
import { ORDERS } from "../../../functions/tables";
import { createTable, own, useAws } from "../../support/aws";
import { ok, order } from "../../support/in-memory";
import { instant } from "../../support/instant";

const TABLE = own("orders");
const WAITING = own("waiting");

const signal = new AbortController().signal;
const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const stored = (id: number, second = id): StoredOrder => ({
  ...order(id),
  status: "received",
  request_id: `request-${id}`,
  received_at: at(second),
});

beforeAll(async () => {
  await useAws();
  await createTable(TABLE, ORDERS);
  await createTable(WAITING, ORDERS);
});

describe("the orders table", () => {
  const table = dynamoOrderTable(TABLE, signal);

  it("keeps the first order of an id and gives it back as it was stored", async () => {
    expect(await ok(table.insert(stored(1)))).toBe("inserted");
    expect(await ok(table.insert({ ...stored(1), ...order(1, "Other", 9) }))).toBe("exists");
    expect(await ok(table.get([order(1).order_id, order(999).order_id]))).toEqual(
      new Map([[1, E.right(stored(1))]]),
    );
  });

  it("holds ids and powers up to 2^53 − 1 exactly", async () => {
    const large = { ...stored(1), ...order(Number.MAX_SAFE_INTEGER, "P", Number.MIN_SAFE_INTEGER) };
    await ok(table.insert(large));
    expect((await ok(table.get([large.order_id]))).get(large.order_id)).toEqual(E.right(large));
  });

  it("changes an order only from the statuses the change may follow", async () => {
    const { order_id } = order(2);
    const overdue = { _tag: "OverdueReported", at: at(60), quietUntil: at(90) } as const;
    const decide = {
      _tag: "Decided",
      at: at(70),
      verdict: "accepted",
      archiveKey: "k",
      expiresAt: 1,
    } as const;
    await ok(table.insert(stored(2)));
    expect(await ok(table.change(order_id, overdue))).toBe(false);
    expect(await ok(table.change(order_id, { _tag: "Submitted", by: "run", at: at(60) }))).toBe(true);
    expect(await ok(table.change(order_id, { _tag: "Submitted", by: "run", at: at(61) }))).toBe(false);
    expect(await ok(table.change(order_id, decide))).toBe(true);
    expect(await ok(table.change(order_id, { ...decide, verdict: "rejected" }))).toBe(false);
    expect(await ok(table.change(order(998).order_id, decide))).toBe(false);
    expect((await ok(table.get([order_id]))).get(order_id)).toEqual(
      E.right({
        ...stored(2),
        status: "accepted",
        submitted_at: at(60),
        submitted_by: "run",
        decided_at: at(70),
        archive_key: "k",
      }),
    );
  });

  it("reads more orders than one batch takes", async () => {
    const ids = Array.from({ length: 250 }, (_, index) => 10_000 + index);
    await ok(traverseBounded(8)((id: number) => table.insert(stored(id, 1)))(ids));
    expect((await ok(table.get(ids.map((id) => order(id).order_id)))).size).toBe(250);
  });

  it("finds what waits too long, each row once, and not what is quiet or went on", async () => {
    const waiting = dynamoOrderTable(WAITING, signal);
    const found = async (
      now: string,
      asked: { readonly quietSince?: Date; readonly gated?: boolean } = {},
    ): Promise<ReadonlyArray<number>> => {
      const ids: number[] = [];
      let next: string | undefined;
      do {
        const page = await ok(
          waiting.waiting({
            status: "received",
            before: new Date(at(4_000)),
            now: new Date(now),
            quietAtMost: new Date(Date.parse(now) + 86_400_000),
            limit: 1,
            ...asked,
            ...(next === undefined ? {} : { after: next }),
          }),
        );
        ids.push(...page.ids);
        ({ next } = page);
      } while (next !== undefined);
      return ids;
    };
    for (const id of [1, 2, 3, 4]) await ok(waiting.insert(stored(id, 3_000 + (id % 10))));
    await ok(
      waiting.change(order(1).order_id, { _tag: "Requeued", at: at(0), requeues: 1, quietUntil: at(5_000) }),
    );
    await ok(waiting.change(order(2).order_id, { _tag: "Submitted", by: "run", at: at(3_500) }));
    expect(await found(at(4_500))).toEqual([3, 4]);
    expect(await found(at(5_001))).toEqual([1, 3, 4]);
    // Quiet since before trading was resumed is not quiet; and during a halt only an order with a gate may be due.
    expect(await found(at(4_500), { quietSince: new Date(at(0)) })).toEqual([3, 4]);
    expect(await found(at(4_500), { quietSince: new Date(at(1)) })).toEqual([1, 3, 4]);
    expect(await found(at(5_001), { gated: true })).toEqual([]);
    await ok(waiting.insert({ ...stored(5, 3_005), valid_until: instant("2026-01-02T00:00:00Z") }));
    expect(await found(at(4_500), { gated: true })).toEqual([5]);
    expect((await ok(waiting.get([order(1).order_id]))).get(order(1).order_id)).toMatchObject({
      right: { requeues: 1, quiet_until: at(5_000) },
    });
  });

  it.each<readonly [number, Status, Change]>([
    [50, "expired", { _tag: "Expired", at: at(60), by: "run" }],
    [51, "rejected", { _tag: "Refused", at: at(60), by: "run", reason: "not traded" }],
    [52, "cancelled", { _tag: "Cancelled", from: "received", at: at(60), by: "desk" }],
  ])(
    "keeps order %d, %s without a page, in its outbox, and for good, until it is archived",
    async (id, status, end) => {
      const outbox = () =>
        ok(
          table.waiting({
            status: "unarchived",
            before: new Date(at(4_000)),
            now: new Date(at(4_000)),
            quietAtMost: new Date(at(4_000)),
            limit: 10,
          }),
        );
      const expiry = async () => {
        const { Item: item } = await new DynamoDBClient({}).send(
          new GetItemCommand({ TableName: TABLE, Key: { order_id: { N: String(id) } } }),
        );
        return item?.[ORDERS.ttlAttribute]?.N;
      };
      const { order_id } = order(id);
      await ok(table.insert({ ...stored(id), attempts_noted: "always" }));
      await ok(table.change(order_id, end));
      expect([(await outbox()).ids, await expiry()]).toEqual([[order_id], undefined]);
      expect((await ok(table.list({ of: status, limit: 10 }))).ids).toEqual([order_id]);
      const change = { _tag: "Archived", archiveKey: "k", expiresAt: 1_900_000_000 } as const;
      expect(await ok(table.change(order_id, change))).toBe(true);
      expect(await ok(table.change(order_id, { ...change, archiveKey: "another" }))).toBe(false);
      expect([(await outbox()).ids, await expiry()]).toEqual([[], "1900000000"]);
      expect((await ok(table.get([order_id]))).get(order_id)).toMatchObject({
        right: { status, archive_key: "k" },
      });
    },
  );

  it("answers", async () => {
    expect(E.isRight(await table.ping())).toBe(true);
    expect(E.isLeft(await dynamoOrderTable("nowhere", signal).ping())).toBe(true);
  });
});
