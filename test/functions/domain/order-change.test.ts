import * as E from "fp-ts/Either";
import * as O from "fp-ts/Option";
import fc from "fast-check";
import { TEST_PRODUCT } from "../../../functions/domain/order";
import { OrderChange, orderChange } from "../../../functions/domain/order-change";
import { shown } from "../../../functions/domain/shown-order";
import type { Change, StoredOrder } from "../../../functions/domain/stored-order";
import { order } from "../../support/in-memory";
import { apply } from "../../support/order-model";

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 9, minute)).toISOString();

const placed = (product?: string): StoredOrder => ({
  ...order(7, product),
  status: "received",
  request_id: "request-7",
  received_at: at(0),
  attempts_noted: "always",
});

/** Changes of every kind; a minute passes with each. */
const anyChange = (minute: number): fc.Arbitrary<Change> =>
  fc.constantFrom<Change[]>(
    { _tag: "Submitted", at: at(minute), by: "submit/1" },
    { _tag: "Refused", at: at(minute), by: "submit/1", reason: "no" },
    { _tag: "Expired", at: at(minute), by: "sweep/1" },
    { _tag: "Cancelled", from: "received", at: at(minute), by: "cancel/1" },
    { _tag: "Cancelled", from: "submitted", at: at(minute), by: "cancel/1" },
    { _tag: "Requeued", at: at(minute), requeues: minute, quietUntil: at(minute + 1) },
    { _tag: "OverdueReported", at: at(minute), quietUntil: at(minute + 1) },
    { _tag: "Archived", archiveKey: "orders/closed/dt=2026-01-01/d.json", expiresAt: 1 },
    { _tag: "Foreseen", preliminary: { status: "accepted", at: at(minute), awarded_power: 1 } },
    { _tag: "Foreseen", preliminary: { status: "rejected", at: at(minute), reason: "price" } },
    {
      _tag: "Decided",
      at: at(minute),
      verdict: "accepted",
      award: { awarded_power: 1 },
      archiveKey: "orders/dt=2026-01-01/9f-4c-00012.json",
      expiresAt: 1,
    },
  );

const anyLife = fc
  .integer({ min: 0, max: 12 })
  .chain((length) => fc.tuple(...Array.from({ length }, (_, index) => anyChange(index + 1))));

/** The writes of a life: what was there before, and after. */
const writesOf = (first: StoredOrder, changes: ReadonlyArray<Change>) => {
  const writes: Array<{ readonly before: StoredOrder | undefined; readonly after: StoredOrder }> = [
    { before: undefined, after: first },
  ];
  for (const change of changes) {
    const before = writes.at(-1)?.after ?? first;
    const after = apply(before, change);
    if (O.isSome(after)) writes.push({ before, after: after.value });
  }
  return writes;
};

const toldOf = (writes: ReturnType<typeof writesOf>): ReadonlyArray<OrderChange> =>
  writes.flatMap(({ before, after }) => {
    const change = orderChange("test", before, after);
    return O.isSome(change) ? [change.value] : [];
  });

/** Of the kinds that are not named after it. */
const STATUS = new Map<string, string>([
  ["placed", "received"],
  ["preliminary", "submitted"],
]);

describe("the changes of an order", () => {
  it("tell of each status that it gets, once and in order, and of each other preliminary result", () => {
    fc.assert(
      fc.property(anyLife, (changes) => {
        const writes = writesOf(placed(), changes);
        const told = toldOf(writes);
        const statuses = writes.flatMap(({ before, after }) =>
          before?.status === after.status ? [] : [after.status],
        );
        expect(
          told.flatMap(({ kind, order: { status } }) => (kind === "preliminary" ? [] : [status])),
        ).toEqual(statuses);
        const verdicts = writes.flatMap(({ before, after: { preliminary } }) =>
          preliminary === undefined || before?.preliminary?.status === preliminary.status
            ? []
            : [preliminary.status],
        );
        expect(
          told.flatMap(({ kind, order: { preliminary } }) =>
            kind === "preliminary" ? [preliminary?.status] : [],
          ),
        ).toEqual(verdicts);
      }),
    );
  });

  it("say what was before, what it is now as GET shows it, and when, and have each an id of its own", () => {
    fc.assert(
      fc.property(anyLife, (changes) => {
        const writes = writesOf(placed(), changes);
        const told = toldOf(writes);
        expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
        expect(told.map(({ changed_at }) => changed_at)).toEqual(
          told.map(({ changed_at }) => changed_at).toSorted(),
        );
        for (const [index, change] of told.entries()) {
          const sent = OrderChange.encode(change);
          expect(OrderChange.decode(JSON.parse(JSON.stringify(sent)))).toEqual(E.right(sent));
          const write = writes.find(
            ({ after }) => JSON.stringify(shown(after)) === JSON.stringify(sent.order),
          );
          expect(write).toBeDefined();
          expect(sent.order.status).toBe(STATUS.get(change.kind) ?? change.kind);
          expect(change.previous_status).toBe(told[index - 1]?.order.status);
        }
      }),
    );
  });

  it("have the same id when they are told again, whatever was noted on the order meanwhile", () => {
    const submitted = { ...placed(), status: "submitted" as const, submitted_at: at(1), submitted_by: "s/1" };
    const [told] = toldOf([{ before: placed(), after: submitted }]);
    const [again] = toldOf([{ before: undefined, after: { ...submitted, requeues: 3 } }]);
    expect(told?.id).toBe(`7/submitted/${at(1)}`);
    expect(again?.id).toBe(told?.id);
  });

  it("are not told of a preliminary result that says the same again", () => {
    const preliminary = { status: "accepted", at: at(2), awarded_power: 1 } as const;
    const submitted = { ...placed(), status: "submitted" as const, submitted_at: at(1), preliminary };
    expect(
      orderChange("test", submitted, { ...submitted, preliminary: { ...preliminary, at: at(3) } }),
    ).toEqual(O.none);
  });

  it("are not told of a test order", () => {
    fc.assert(
      fc.property(anyLife, (changes) => {
        expect(toldOf(writesOf(placed(TEST_PRODUCT), changes))).toEqual([]);
      }),
    );
  });
});
