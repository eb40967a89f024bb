import type { Announcements } from "../ports/capabilities";
import { type Condition, conditionalWrites, update } from "./conditional-writes";
import { ATTEMPTS, key } from "./order-item";

/** Lambda's own limit: a reservation that ends later was made by a clock that ran ahead, and counts for nothing. */
export const LONGEST_MS = 15 * 60_000;

/** That nobody has reserved, until a time that is still to come, to tell people of an order's end. */
export const unreservedAt = (now: number): Condition => ({
  text: '"announcing_until" IS MISSING OR "announcing_until" < ? OR "announcing_until" > ?',
  values: [{ N: String(now) }, { N: String(now + LONGEST_MS) }],
});

/** Reservations of announcements, each on the item of the order that is announced. */
export const dynamoAnnouncements = (table: string, signal: AbortSignal): Announcements => {
  const write = conditionalWrites(signal);
  return {
    reserve: (id, { by, now, until, unsent = false }) => {
      const unreserved = unreservedAt(now);
      return write(
        update(
          "reserving an announcement",
          table,
          key(id),
          { set: { announcing_for: { S: by }, announcing_until: { N: String(until) } } },
          {
            // Its own: an earlier attempt of this very call, whose answer was lost.
            text: `"status" = ? AND ("announcing_for" = ? OR ${unreserved.text})${unsent ? ` AND "${ATTEMPTS}" IS MISSING` : ""}`,
            values: [{ S: "received" }, { S: by }, ...unreserved.values],
          },
        ),
      );
    },
  };
};
