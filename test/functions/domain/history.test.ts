import { historyOf } from "../../../functions/domain/history";
import type { StoredOrder } from "../../../functions/domain/stored-order";
import { order } from "../../support/in-memory";

const AT = ["09:00", "09:01", "09:02"].map((time) => `2026-01-01T${time}:00.000Z`);
const RECEIVED: StoredOrder = {
  ...order(1),
  status: "received",
  request_id: "request-1",
  received_at: AT[0] ?? "",
  placed_by: "desk",
};
const first = { status: "received", at: AT[0], by: "desk", request_id: "request-1" };
const submitted = { submitted_at: AT[1] ?? "", submitted_by: "submit/1" };
const decided_at = AT[2] ?? "";
const key = "orders/closed/dt=2026-01-01/9f-4c-00012.json";

describe("the history of an order", () => {
  it.each<readonly [string, StoredOrder, ReadonlyArray<unknown>]>([
    ["received", RECEIVED, [first]],
    [
      "submitted",
      { ...RECEIVED, ...submitted, status: "submitted" },
      [first, { status: "submitted", at: AT[1], by: "submit/1" }],
    ],
    [
      "decided by a result page, whose run its key names",
      { ...RECEIVED, ...submitted, status: "rejected", decided_at, archive_key: key },
      [
        first,
        { status: "submitted", at: AT[1], by: "submit/1" },
        { status: "rejected", at: AT[2], by: "9f-4c", archive_key: key },
      ],
    ],
    [
      "ended before it was submitted",
      { ...RECEIVED, status: "expired", decided_at, decided_by: "sweep/1" },
      [first, { status: "expired", at: AT[2], by: "sweep/1" }],
    ],
    [
      "cancelled after it was submitted",
      { ...RECEIVED, ...submitted, status: "cancelled", decided_at, decided_by: "cancel/1" },
      [
        first,
        { status: "submitted", at: AT[1], by: "submit/1" },
        { status: "cancelled", at: AT[2], by: "cancel/1" },
      ],
    ],
    [
      "of an earlier release, which noted nobody",
      { ...order(1), status: "accepted", request_id: "r", received_at: AT[0] ?? "", decided_at },
      [
        { status: "received", at: AT[0], request_id: "r" },
        { status: "accepted", at: AT[2] },
      ],
    ],
  ])("is of one %s", (_, stored, history) => {
    expect(historyOf(stored)).toEqual(history);
  });
});
