import * as O from "fp-ts/Option";
import { EXPIRED_REASON } from "../../functions/domain/order";
import { statusesBefore } from "../../functions/domain/status";
import {
  type Change,
  mayHaveBeenSent,
  statusAfter,
  type StoredOrder,
} from "../../functions/domain/stored-order";

/** What a table should make of a change; test/functions/adapters/dynamo-order-table.changes.test.ts holds the real one against it. */

const fields = (change: Change): Partial<StoredOrder> => {
  switch (change._tag) {
    case "Submitted":
      return { submitted_at: change.at, submitted_by: change.by };
    case "Refused":
      return { decided_at: change.at, decided_by: change.by, reason: change.reason };
    case "Expired":
      return { decided_at: change.at, decided_by: change.by, reason: EXPIRED_REASON };
    case "Cancelled":
      return { decided_at: change.at, decided_by: change.by };
    case "Archived":
      return { archive_key: change.archiveKey };
    case "Decided":
      return { decided_at: change.at, archive_key: change.archiveKey, ...change.award };
    case "Foreseen":
      return { preliminary: change.preliminary };
    case "Requeued":
      return { requeues: change.requeues, requeued_at: change.at, quiet_until: change.quietUntil };
    case "OverdueReported":
      return { overdue_reported_at: change.at, quiet_until: change.quietUntil };
  }
};

/** The order after a change; none where its status does not allow the change. */
export const apply = (order: StoredOrder, change: Change): O.Option<StoredOrder> => {
  const after = statusAfter(change);
  if (change._tag === "Archived" && order.archive_key !== undefined) return O.none;
  if ("keeps" in after)
    return after.keeps.includes(order.status) ? O.some({ ...order, ...fields(change) }) : O.none;
  if (!statusesBefore(after.to).includes(order.status)) return O.none;
  if (change._tag === "Cancelled" && order.status !== change.from) return O.none;
  if (change._tag === "Cancelled" && order.status === "received" && mayHaveBeenSent(order)) return O.none;
  if (change._tag === "Expired" && order.attempts !== undefined) return O.none;
  const changed = { ...order, ...fields(change), status: after.to };
  delete changed.quiet_until;
  delete changed.attempts;
  return O.some(changed);
};
