import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { compare, unproven } from "../../../cli/audit-trail/check";
import { archivedOrders } from "../../../cli/audit-trail/read";
import { ordersIn } from "../../../cli/audit-trail/table";
import { dynamoOrderTable } from "../../../functions/adapters/dynamo-order-table";
import { s3ResultArchive } from "../../../functions/adapters/s3-result-archive";
import { archiveKey, closedKey, endedKey } from "../../../functions/domain/archive";
import { archived } from "../../../functions/domain/archived-order";
import type { StoredOrder } from "../../../functions/domain/stored-order";
import { ORDERS } from "../../../functions/tables";
import { createTable, own, useAws } from "../../support/aws";
import { ok, order } from "../../support/in-memory";

const TABLE = own("orders");

/** The archive and the table as the functions write them, read by the command's own parts. */

const { signal } = new AbortController();
const table = dynamoOrderTable(TABLE, signal);
const archive = s3ResultArchive("archive", signal);
const TODAY = new Date().toISOString().slice(0, 10);
const AT = `${TODAY}T00:00:01.000Z`;
const page = { run: "run", number: 0, dt: TODAY };

beforeAll(async () => {
  await useAws();
  await createTable(TABLE, ORDERS);
  await new S3Client({ forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: "archive" }));
});

const received = async (id: number): Promise<StoredOrder> => {
  const stored: StoredOrder = { ...order(id), status: "received", request_id: "r", received_at: AT };
  await ok(table.insert(stored));
  return stored;
};

const decided = async (id: number, verdict: "accepted" | "rejected", key: string): Promise<unknown> => {
  const stored = await received(id);
  await ok(
    table.change(stored.order_id, { _tag: "Decided", at: AT, verdict, archiveKey: key, expiresAt: 1e10 }),
  );
  return archived({ ...stored, status: verdict, decided_at: AT, archive_key: key });
};

const all = async (from: string, to: string) => {
  const span = { from, to };
  const dynamo = new DynamoDBClient({});
  const keys = new Set<string>();
  const lines: string[] = [];
  for await (const { key, records } of archivedOrders(
    new S3Client({ forcePathStyle: true }),
    "archive",
    span,
  )) {
    keys.add(key);
    const found = await ordersIn(
      dynamo,
      TABLE,
      records.map(({ order_id }) => order_id),
    );
    for (const record of records)
      lines.push(`${record.order_id} ${record.status} ${compare(record, found.get(record.order_id))._tag}`);
  }
  for await (const { order_id, key } of unproven(dynamo, TABLE, span, keys))
    lines.push(`${order_id} unproven ${key}`);
  return lines.toSorted();
};

it("proves each order that ended in the span by the archive, and names those that it does not have", async () => {
  const accepted = await decided(1, "accepted", archiveKey(page));
  const rejected = await decided(2, "rejected", closedKey(page));
  await ok(archive.put(archiveKey(page), { run: "run", page: 0, orders: [accepted] }));
  await ok(archive.put(closedKey(page), { run: "run", page: 0, orders: [rejected] }));
  // Its object was lost; the table has forgotten another; a third has changed in the table.
  await decided(3, "rejected", closedKey({ ...page, number: 1 }));
  const forgotten = { ...order(4), status: "expired", history: [{ status: "expired", at: AT }] };
  await ok(archive.put(endedKey(TODAY, "4".repeat(32)), { orders: [forgotten] }));
  await decided(5, "rejected", archiveKey({ ...page, number: 5 }));
  const other = { ...order(5), status: "accepted", history: [] };
  await ok(archive.put(archiveKey({ ...page, number: 5 }), { run: "run", page: 5, orders: [other] }));
  // Ended by a sweep that has not archived it yet.
  const { order_id } = await received(6);
  await ok(table.change(order_id, { _tag: "Expired", at: AT, by: "sweep/1" }));

  expect(await all(TODAY, TODAY)).toEqual([
    "1 accepted same",
    "2 rejected same",
    `3 unproven ${closedKey({ ...page, number: 1 })}`,
    "4 expired forgotten",
    "5 accepted contradiction",
    "6 unproven undefined",
  ]);
  expect(await all("2026-01-01", "2026-01-02")).toEqual([]);
  expect(await all("2999-01-01", "2999-01-02")).toEqual([]);
});
