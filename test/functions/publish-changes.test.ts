import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import * as E from "fp-ts/Either";
import * as O from "fp-ts/Option";
import fc from "fast-check";
import { newItem } from "../../functions/adapters/order-item";
import type { OrderChange } from "../../functions/domain/order-change";
import type { StoredOrder } from "../../functions/domain/stored-order";
import { permanent } from "../../functions/ports/errors";
import { publishChanges } from "../../functions/publish-changes/publish-changes";
import { order, World } from "../support/in-memory";

const AT = "2026-01-01T09:00:00.000Z";

const stored = (id: number): StoredOrder => ({
  ...order(id),
  status: "received",
  request_id: `request-${id}`,
  received_at: AT,
});

type Item = Record<string, AttributeValue>;

const record = (sequence: number, id: number, after: Item | undefined, before?: Item) => ({
  eventName: "MODIFY",
  dynamodb: {
    SequenceNumber: String(sequence),
    Keys: { order_id: { N: String(id) } },
    ...(before === undefined ? {} : { OldImage: before }),
    ...(after === undefined ? {} : { NewImage: after }),
  },
});

const placed = (sequence: number) => record(sequence, sequence, newItem(stored(sequence)));
const submitted = (id: number): Item => ({
  ...newItem(stored(id)),
  status: { S: "submitted" },
  submitted_at: { S: AT },
});

/** A topic that takes no change of some orders. */
const publish = async (records: ReadonlyArray<unknown>, refused: ReadonlySet<number> = new Set()) => {
  const world = new World();
  const told: OrderChange[][] = [];
  const from = await publishChanges(records)({
    ...world.ports,
    changes: {
      tell: (changes) => () => {
        const left = changes.filter(({ order: { order_id } }) => refused.has(order_id));
        told.push(changes.filter((change) => !left.includes(change)));
        return Promise.resolve(
          left.length === changes.length ? E.left(permanent("telling", "no topic")) : E.right(left),
        );
      },
    },
  })();
  return { from, told, ids: told.flat().map(({ id }) => id), logged: world.logged };
};

describe("publishing the changes in a stream", () => {
  it("tells of them in their order, at most ten at once", async () => {
    const { from, told } = await publish(Array.from({ length: 23 }, (_, index) => placed(index + 1)));
    expect(from).toEqual(O.none);
    expect(told.map(({ length }) => length)).toEqual([10, 10, 3]);
    expect(told.flat().map(({ order: { order_id } }) => order_id)).toEqual(
      Array.from({ length: 23 }, (_, index) => index + 1),
    );
  });

  it("tells of a status with the one before, and of nothing that only the platform needs", async () => {
    const { told } = await publish([
      record(1, 7, submitted(7), newItem(stored(7))),
      record(2, 7, { ...submitted(7), quiet_until: { S: AT } }, submitted(7)),
      record(3, 7, { ...newItem(stored(7)), attempts: { SS: ["a"] } }, newItem(stored(7))),
      record(4, 7, undefined, submitted(7)),
    ]);
    expect(told.flat()).toEqual([
      expect.objectContaining({ kind: "submitted", previous_status: "received", environment: "test" }),
    ]);
  });

  it("comes again from the first that was not told, with nothing behind it told in other parts", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 35 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 35 })),
        async (count, refused) => {
          const { from, told } = await publish(
            Array.from({ length: count }, (_, index) => placed(index + 1)),
            new Set(refused),
          );
          const first = Math.min(...refused.filter((id) => id <= count), Infinity);
          expect(from).toEqual(first === Infinity ? O.none : O.some(String(first)));
          expect(told).toHaveLength(Math.ceil(Math.min(first, count) / 10));
        },
      ),
    );
  });

  it("keeps no change back for a record or an order that cannot be read, and counts both", async () => {
    const { from, ids, logged } = await publish([
      { dynamodb: {} },
      record(1, 1, { ...newItem(stored(1)), product: { N: "1" } }),
      record(2, 2, submitted(2), { order_id: { N: "2" } }),
      placed(3),
    ]);
    expect(from).toEqual(O.none);
    expect(ids).toEqual([`2/submitted/${AT}`, `3/placed/${AT}`]);
    const errors = logged.filter(({ level }) => level === "error");
    expect(errors.map(({ event }) => event)).toEqual([
      "malformed stream records",
      "stored orders unreadable",
    ]);
    for (const { fields } of errors) expect(fields).toMatchObject({ UnreadableOrders: 1 });
  });
});
