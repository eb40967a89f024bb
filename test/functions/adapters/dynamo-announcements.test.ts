import * as E from "fp-ts/Either";
import type * as TE from "fp-ts/TaskEither";
import { dynamoAnnouncements } from "../../../functions/adapters/dynamo-announcements";
import { dynamoOrderTable } from "../../../functions/adapters/dynamo-order-table";
import type { StoredOrder } from "../../../functions/domain/stored-order";
import { ORDERS } from "../../../functions/tables";
import { createTable, own, useAws } from "../../support/aws";
import { order } from "../../support/in-memory";

const TABLE = own("orders");

const signal = new AbortController().signal;
const table = dynamoOrderTable(TABLE, signal);
beforeAll(async () => {
  await useAws();
  await createTable(TABLE, ORDERS);
});

const ok = async <A>(task: TE.TaskEither<unknown, A>): Promise<A> => {
  const result = await task();
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left));
  return result.right;
};
const at = (second: number): string => new Date(second * 1_000).toISOString();
const stored = (id: number): StoredOrder => ({
  ...order(id),
  status: "received",
  request_id: "r",
  received_at: at(id),
});

describe("a reservation to announce an order", () => {
  const announcements = dynamoAnnouncements(TABLE, signal);
  const reserve = (id: number, by: string, now: number, until = now + 1_000) =>
    ok(announcements.reserve(order(id).order_id, { by, now, until }));

  it("is one delivery's of all that ask at once, and again that one's when its answer was lost", async () => {
    await ok(table.insert(stored(1)));
    const names = Array.from({ length: 10 }, (_, index) => `delivery-${index}`);
    const answers = await Promise.all(names.map((by) => reserve(1, by, 5_000)));
    expect(answers.filter((isReserved) => isReserved)).toHaveLength(1);
    expect(await reserve(1, names[answers.indexOf(true)] ?? "", 5_001)).toBe(true);
  });

  it("ends with the time it was made for, or where only a clock that ran ahead can have made it", async () => {
    await ok(table.insert(stored(2)));
    expect(await reserve(2, "a", 5_000)).toBe(true);
    expect(await reserve(2, "b", 6_000)).toBe(false);
    expect(await reserve(2, "b", 6_001)).toBe(true);
    expect(await reserve(2, "ahead", 7_200_000)).toBe(true);
    expect(await reserve(2, "c", 7_000)).toBe(true);
  });

  it("is nobody's for an order that is further, or is not there", async () => {
    await ok(table.insert(stored(3)));
    await ok(table.change(order(3).order_id, { _tag: "Submitted", by: "run", at: at(60) }));
    expect(await reserve(3, "a", 5_000)).toBe(false);
    expect(await reserve(4, "a", 5_000)).toBe(false);
    expect((await ok(table.get([order(4).order_id]))).size).toBe(0);
  });

  it("leaves the order as it was to everybody else", async () => {
    await ok(table.insert(stored(5)));
    await reserve(5, "a", 5_000);
    expect((await ok(table.get([order(5).order_id]))).get(order(5).order_id)).toEqual(E.right(stored(5)));
  });
});
