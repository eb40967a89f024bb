import * as O from "fp-ts/Option";
import fc from "fast-check";
import { isDecided, mayBecome, STATUSES } from "../../../functions/domain/status";
import { apply, type Change, statusAfter } from "../../../functions/domain/stored-order";
import { StoredOrder } from "../../../functions/domain/stored-order";
import { arbitrary } from "../../support/arbitrary";

const at = "2026-01-01T00:00:00.000Z";
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.constant<Change>({ _tag: "Submitted", at }),
  fc.constant<Change>({ _tag: "Refused", at, reason: "no", expiresAt: 1 }),
  fc
    .constantFrom("accepted" as const, "rejected" as const)
    .map((verdict): Change => ({ _tag: "Decided", at, verdict, archiveKey: "k", expiresAt: 1 })),
  fc.constant<Change>({ _tag: "Requeued", quietUntil: at }),
  fc.constant<Change>({ _tag: "OverdueReported", at, quietUntil: at }),
);
const rank = { received: 0, submitted: 1, accepted: 2, rejected: 2 };

describe("a status", () => {
  it("never goes back, whatever happens in whatever order", () => {
    fc.assert(
      fc.property(arbitrary(StoredOrder), fc.array(change, { maxLength: 20 }), (order, changes) => {
        let current = order;
        for (const next of changes) {
          const changed = O.getOrElse(() => current)(apply(current, next));
          expect(rank[changed.status]).toBeGreaterThanOrEqual(rank[current.status]);
          if (isDecided(current.status)) expect(changed.status).toBe(current.status);
          current = changed;
        }
      }),
    );
  });

  it("never becomes what it is", () => {
    for (const status of STATUSES) expect(mayBecome(status, status)).toBe(false);
  });

  it("stays what a change that keeps it requires", () => {
    fc.assert(
      fc.property(arbitrary(StoredOrder), change, (order, next) => {
        const after = statusAfter(next);
        const changed = apply(order, next);
        if ("keeps" in after) expect(O.isSome(changed)).toBe(order.status === after.keeps);
      }),
    );
  });

  it("leaves what the order is untouched", () => {
    fc.assert(
      fc.property(arbitrary(StoredOrder), change, (order, next) => {
        const changed = apply(order, next);
        if (O.isNone(changed)) return;
        const { order_id, product, power, request_id, received_at } = order;
        expect(changed.value).toMatchObject({ order_id, product, power, request_id, received_at });
      }),
    );
  });
});
