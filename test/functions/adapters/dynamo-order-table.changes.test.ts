import * as E from "fp-ts/Either";
import * as O from "fp-ts/Option";
import fc from "fast-check";
import * as t from "io-ts";
import { dynamoAttempts } from "../../../functions/adapters/dynamo-attempts";
import { dynamoOrderTable } from "../../../functions/adapters/dynamo-order-table";
import { AWARD } from "../../../functions/domain/award";
import { isFinal } from "../../../functions/domain/status";
import { type Change, Preliminary, type StoredOrder } from "../../../functions/domain/stored-order";
import { ORDERS } from "../../../functions/tables";
import { arbitrary } from "../../support/arbitrary";
import { createTable, own, useAws } from "../../support/aws";
import { ok, order } from "../../support/in-memory";
import { apply } from "../../support/order-model";

const TABLE = own("orders");

beforeAll(async () => {
  await useAws();
  await createTable(TABLE, ORDERS);
});

const { signal } = new AbortController();
const table = dynamoOrderTable(TABLE, signal);
const attempts = dynamoAttempts(TABLE, signal);

const instant = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const at = fc.integer({ min: 1, max: 1_000 }).map(instant);

const by = fc.string();

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ _tag: fc.constant("Submitted" as const), at, by }),
  fc.record({ _tag: fc.constant("Refused" as const), at, by, reason: fc.string() }),
  fc.record({ _tag: fc.constant("Archived" as const), archiveKey: fc.string(), expiresAt: fc.nat() }),
  fc.record({
    _tag: fc.constant("Decided" as const),
    at,
    verdict: fc.constantFrom("accepted" as const, "rejected" as const),
    archiveKey: fc.string(),
    expiresAt: fc.nat(),
    award: arbitrary(t.exact(t.partial(AWARD))),
  }),
  fc.record({ _tag: fc.constant("Foreseen" as const), preliminary: arbitrary(Preliminary) }),
  fc.record({ _tag: fc.constant("Expired" as const), at, by }),
  fc.record({ _tag: fc.constant("Requeued" as const), at, requeues: fc.nat(), quietUntil: at }),
  fc.record({
    _tag: fc.constant("Cancelled" as const),
    from: fc.constantFrom("received" as const, "submitted" as const),
    at,
    by,
  }),
  fc.record({ _tag: fc.constant("OverdueReported" as const), at, quietUntil: at }),
);

let ids = 0;

/** Each run has an order of its own: some are claimed, of some nobody knows whether they are. */
const received = async (): Promise<StoredOrder> => {
  ids += 1;
  const stored: StoredOrder = {
    ...order(ids),
    status: "received",
    request_id: `request-${ids}`,
    received_at: instant(0),
    ...(ids % 3 === 0 ? {} : { attempts_noted: "always" as const }),
  };
  await ok(table.insert(stored));
  if (ids % 4 !== 0) return stored;
  await ok(attempts.begin(stored.order_id, { by: "a sender", now: 1 }));
  return { ...stored, attempts: ["a sender"] };
};

const current = async ({ order_id }: StoredOrder): Promise<StoredOrder> =>
  E.getOrElse((): StoredOrder => {
    throw new Error(`order ${order_id} cannot be read`);
  })((await ok(table.get([order_id]))).get(order_id) ?? E.left(undefined));

const RANK = { received: 0, submitted: 1, accepted: 2, rejected: 2, expired: 2, cancelled: 2 };

describe("the orders table's changes, in any order", () => {
  it("are made or refused as the domain has it, and leave what it says", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 8 }), async (changes) => {
        let expected = await received();
        for (const next of changes) {
          const after = apply(expected, next);
          expect(await ok(table.change(expected.order_id, next))).toBe(O.isSome(after));
          expected = O.getOrElse(() => expected)(after);
        }
        expect(await current(expected)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it("never put a status back, and decide an order once, even all at once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 2, maxLength: 12 }), async (changes) => {
        const before = await received();
        const seen: StoredOrder[] = [before];
        const made = await Promise.all(
          changes.map(async (next) => {
            const isMade = await ok(table.change(before.order_id, next));
            seen.push(await current(before));
            return isMade ? [next] : [];
          }),
        );
        const deciding = made
          .flat()
          .filter(({ _tag }) => ["Decided", "Refused", "Expired", "Cancelled"].includes(_tag));
        const end = await current(before);
        expect(deciding).toHaveLength(isFinal(end.status) ? 1 : 0);
        for (const { status } of seen) expect(RANK[status]).toBeLessThanOrEqual(RANK[end.status]);
        const { order_id, product, power, request_id, received_at } = before;
        expect(end).toMatchObject({ order_id, product, power, request_id, received_at });
      }),
      { numRuns: 25 },
    );
  });
});
