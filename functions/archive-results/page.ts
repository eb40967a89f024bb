import { archiveKey, closedKey, type PageName, replayName } from "../domain/archive";
import type { ArchiveInput } from "../domain/results-task";
import { isFinal, type Verdict } from "../domain/status";
import type { StoredOrder } from "../domain/stored-order";

/** A page that is archived, by its name, the key of what was received, and when that was. */
export type Page = PageName & {
  readonly key: string;
  readonly fetched_at: string;
  readonly isReplayed: boolean;
};

/** The page under its name; one that is archived again is named after the execution that does. */
export const named = ({ execution, page }: ArchiveInput, now: Date): Page => {
  const fetched_at = now.toISOString();
  return "run" in page
    ? { fetched_at, ...page, isReplayed: false }
    : { ...replayName(page.key, execution), key: page.key, fetched_at, isReplayed: true };
};

/** The objects of the archive that its orders end in. */
export const keysOf = (page: Page): Readonly<Record<Verdict, string>> => ({
  accepted: archiveKey(page),
  rejected: closedKey(page),
});

/**
 * An order as the page leaves it. What an earlier attempt has written stays; all else is decided when the page came,
 * so that archiving it again says the same.
 */
export const decided =
  (verdict: Verdict, page: Page) =>
  (order: StoredOrder): StoredOrder => {
    if (isFinal(order.status)) return order;
    const since = order.submitted_at ?? order.received_at;
    return {
      ...order,
      status: verdict,
      decided_at: page.fetched_at < since ? since : page.fetched_at,
      archive_key: keysOf(page)[verdict],
    };
  };
