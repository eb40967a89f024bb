import type { Announcements } from "../ports/capabilities";
import { conditionalWrites, update } from "./conditional-writes";
import { ATTEMPTS, key } from "./order-item";

/** Lambda's own limit: a reservation that ends later was made by a clock that ran ahead, and counts for nothing. */
export const LONGEST_MS = 15 * 60_000;

/** By nobody, by an earlier attempt of this very call, whose answer was lost, or until a time that is no more. */
const UNRESERVED =
  '"announcing_until" IS MISSING OR "announcing_for" = ? OR "announcing_until" < ? OR "announcing_until" > ?';

/** Reservations of announcements, each on the item of the order that is announced. */
export const dynamoAnnouncements = (table: string, signal: AbortSignal): Announcements => {
  const write = conditionalWrites(signal);
  return {
    reserve: (id, { by, now, until, unsent = false }) =>
      write(
        update(
          "reserving an announcement",
          table,
          key(id),
          { set: { announcing_for: { S: by }, announcing_until: { N: String(until) } } },
          {
            text: `"status" = ? AND (${UNRESERVED})${unsent ? ` AND "${ATTEMPTS}" IS MISSING` : ""}`,
            values: [{ S: "received" }, { S: by }, { N: String(now) }, { N: String(now + LONGEST_MS) }],
          },
        ),
      ),
  };
};
