import type * as E from "fp-ts/Either";
import * as t from "io-ts";
import { withSchema } from "../../lib/exactly";
import { AWARD, type Award } from "./award";
import { OrderId, TERMS } from "./order";
import { ENDS, Status, Verdict } from "./status";
import { StoredPower, StoredProduct } from "./stored-values";

/** An instant as the platform writes it: ISO 8601, UTC, milliseconds; text order is time order. */
export const Instant = withSchema(new t.StringType(), { format: "date-time" });

/** What a result says that is not final: it decides nothing, and the next result may say otherwise. */
export const Preliminary = t.exact(
  t.intersection([t.type({ status: Verdict, at: Instant }), t.partial(AWARD)]),
  "Preliminary",
);
export type Preliminary = t.TypeOf<typeof Preliminary>;

/** An order as the table holds it. */
export const StoredOrder = t.exact(
  t.intersection([
    t.type({
      order_id: OrderId,
      product: StoredProduct,
      power: StoredPower,
      status: Status,
      /** The API request that stored it: follows the order through logs and messages. */
      request_id: t.string,
      received_at: Instant,
    }),
    t.partial({
      ...TERMS,
      reference: StoredProduct,
      /** Who sent that request: an IAM principal or a token's subject. Orders of earlier releases do not say. */
      placed_by: t.string,
      /** Attempts to send it, of which nobody knows the end: the auction platform may have it. */
      attempts: t.readonlyArray(t.string),
      /** Of an order whose every attempt is noted. One that release 0.1.0 stored may have been sent by it unnoted. */
      attempts_noted: t.literal("always"),
      submitted_at: Instant,
      /** The invocation that submitted it, or the run that had a result of it. */
      submitted_by: t.string,
      /** The newest result that was not final; it stays when a final one has decided the order. */
      preliminary: Preliminary,
      decided_at: Instant,
      /** Who cancelled it, or the invocation that ended it, where no result page did. */
      decided_by: t.string,
      /** Of a decided order; `reason` of one that was refused or has expired, too. */
      ...AWARD,
      /** The object of the archive that it ended in. */
      archive_key: t.string,
      /** How often the sweep has queued it again. */
      requeues: t.number,
      requeued_at: Instant,
      overdue_reported_at: Instant,
      /** The sweep leaves it alone until then. */
      quiet_until: Instant,
    }),
  ]),
  "StoredOrder",
);
export type StoredOrder = t.TypeOf<typeof StoredOrder>;

/** Whether the auction platform may have an order that is `received`. */
export const mayHaveBeenSent = ({
  attempts,
  attempts_noted,
}: Pick<StoredOrder, "attempts" | "attempts_noted">): boolean =>
  attempts !== undefined || attempts_noted === undefined;

/** An item under an order's id that no release would have stored. */
export type Unreadable = {
  readonly order_id: OrderId;
  readonly faults: string;
  /** Whether it has been announced. */
  readonly reported: boolean;
};

export type FoundOrder = E.Either<Unreadable, StoredOrder>;

/** Everything that may happen to a stored order. Each names, by `applies`, the statuses it may happen in. */
export type Change =
  | { readonly _tag: "Submitted"; readonly at: string; readonly by: string }
  | { readonly _tag: "Refused"; readonly at: string; readonly by: string; readonly reason: string }
  | {
      readonly _tag: "Decided";
      readonly at: string;
      readonly verdict: Verdict;
      readonly award?: Award;
      readonly archiveKey: string;
      /** Epoch seconds after which the table may forget the order; the archive keeps it. */
      readonly expiresAt: number;
    }
  /** Its result is known so far, and not final. */
  | { readonly _tag: "Foreseen"; readonly preliminary: Preliminary }
  /** Of an order that was never sent: not where an attempt's end is unknown. */
  | { readonly _tag: "Expired"; readonly at: string; readonly by: string }
  | {
      readonly _tag: "Requeued";
      readonly at: string;
      readonly requeues: number;
      readonly quietUntil: string;
    }
  /** Of one that was never sent, or that the auction platform has given back. */
  | {
      readonly _tag: "Cancelled";
      readonly from: "received" | "submitted";
      readonly at: string;
      readonly by: string;
    }
  /** Of an order that ended without a result page. Only now the table may forget it. */
  | { readonly _tag: "Archived"; readonly archiveKey: string; readonly expiresAt: number }
  | { readonly _tag: "OverdueReported"; readonly at: string; readonly quietUntil: string };

/** The status a change leads to, and when; none where it keeps the status it requires. */
export const statusAfter = (
  change: Change,
): { readonly to: Status; readonly at: string } | { readonly keeps: ReadonlyArray<Status> } => {
  switch (change._tag) {
    case "Submitted":
      return { to: "submitted", at: change.at };
    case "Refused":
      return { to: "rejected", at: change.at };
    case "Expired":
      return { to: "expired", at: change.at };
    case "Cancelled":
      return { to: "cancelled", at: change.at };
    case "Decided":
      return { to: change.verdict, at: change.at };
    case "Requeued":
      return { keeps: ["received"] };
    case "Foreseen":
    case "OverdueReported":
      return { keeps: ["submitted"] };
    case "Archived":
      return { keeps: ENDS };
  }
};
