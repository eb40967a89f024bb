import * as t from "io-ts";
import { listed } from "../../lib/text";

/**
 * The statuses, each with those an order may have just before it. They move one way: `received → submitted →
 * accepted | rejected`. The auction platform may refuse at submission (`received → rejected`), and a result
 * proves a submission whose answer was lost (`received → accepted | rejected`). An order whose gate has closed
 * before it was sent expires (`received → expired`). One that was never sent is cancelled by its client, another
 * where the auction platform confirms it (`received | submitted → cancelled`).
 */
const BEFORE = {
  received: [],
  submitted: ["received"],
  accepted: ["received", "submitted"],
  rejected: ["received", "submitted"],
  expired: ["received"],
  cancelled: ["received", "submitted"],
} as const;

export const Status = t.keyof(BEFORE, listed(Object.keys(BEFORE)));
export type Status = t.TypeOf<typeof Status>;

export const Verdict = t.keyof({ accepted: null, rejected: null }, "Verdict");
export type Verdict = t.TypeOf<typeof Verdict>;

/** The statuses an order may have just before it gets this one. */
export const statusesBefore = (to: Status): ReadonlyArray<Status> => BEFORE[to];

/** Whether no status follows this one. */
export const isFinal = (status: Status): boolean =>
  Object.values<ReadonlyArray<Status>>(BEFORE).every((before) => !before.includes(status));

/** The statuses that no other follows. */
export const ENDS: ReadonlyArray<Status> = Object.keys(BEFORE).filter(Status.is).filter(isFinal);
