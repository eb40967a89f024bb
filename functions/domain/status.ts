import * as t from "io-ts";

/**
 * Statuses move one way: `received → submitted → accepted | rejected`. The auction platform may refuse at
 * submission (`received → rejected`), and a result proves a submission whose answer was lost
 * (`received → accepted | rejected`).
 */
export const Status = t.keyof({ received: null, submitted: null, accepted: null, rejected: null }, "Status");
export type Status = t.TypeOf<typeof Status>;

export const STATUSES: ReadonlyArray<Status> = ["received", "submitted", "accepted", "rejected"];

export const Verdict = t.keyof({ accepted: null, rejected: null }, "Verdict");
export type Verdict = t.TypeOf<typeof Verdict>;

const BEFORE = {
  received: [],
  submitted: ["received"],
  accepted: ["received", "submitted"],
  rejected: ["received", "submitted"],
} as const satisfies Record<Status, ReadonlyArray<Status>>;

/** The statuses an order may have just before it gets this one. */
export const statusesBefore = (to: Status): ReadonlyArray<Status> => BEFORE[to];

export const mayBecome = (from: Status, to: Status): boolean => statusesBefore(to).includes(from);

export const isDecided = (status: Status): status is Verdict => Verdict.is(status);
