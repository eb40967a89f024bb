import { inMessages } from "../../../functions/domain/announcement";
import type { StoredOrder } from "../../../functions/domain/stored-order";
import { order } from "../../support/in-memory";

const stored = (id: number, more: Partial<StoredOrder>): StoredOrder => ({
  ...order(id),
  status: "submitted",
  request_id: `request-${id}`,
  received_at: "2026-01-01T09:00:00.000Z",
  ...more,
});

it("an announced order says who placed it, by which request, and why, where that is known", () => {
  expect(
    inMessages([
      stored(1, { placed_by: "desk, north", reason: "not traded", reference: "ours" }),
      stored(2, { preliminary: { status: "rejected", at: "2026-01-01T10:00:00.000Z" } }),
    ]),
  ).toEqual([
    [
      { ...order(1), request_id: "request-1", placed_by: "desk, north", reason: "not traded" },
      { ...order(2), request_id: "request-2", reason: "its only result is preliminary: rejected" },
    ],
  ]);
});
