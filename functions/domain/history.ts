import * as t from "io-ts";
import { runOf } from "./archive";
import { Status } from "./status";
import { Instant, type StoredOrder } from "./stored-order";

/** That an order got a status. */
export const HistoryStep = t.exact(
  t.intersection([
    t.type({ status: Status, at: Instant }),
    t.partial({
      /** Who placed or cancelled it, or which run of the platform gave it the status: an invocation, or an execution. */
      by: t.string,
      /** The API request that stored it. */
      request_id: t.string,
      /** The object of the archive that it ended in. */
      archive_key: t.string,
    }),
  ]),
  "HistoryStep",
);
export type HistoryStep = t.TypeOf<typeof HistoryStep>;

/** No step where there is no time. */
const step = (
  status: Status,
  at: string | undefined,
  by: string | undefined,
  more: Pick<HistoryStep, "request_id" | "archive_key">,
): ReadonlyArray<HistoryStep> =>
  at === undefined ? [] : [{ status, at, ...(by === undefined ? {} : { by }), ...more }];

/**
 * The way of an order, from what its changes left on it: a status leads to each other at most once, so that nothing
 * has to grow. Earlier releases did not note by whom.
 */
export const historyOf = (order: StoredOrder): ReadonlyArray<HistoryStep> => {
  const { status, request_id, received_at, placed_by, submitted_at, submitted_by, archive_key } = order;
  const { decided_at, decided_by = archive_key === undefined ? undefined : runOf(archive_key) } = order;
  return [
    ...step("received", received_at, placed_by, { request_id }),
    ...step("submitted", submitted_at, submitted_by, {}),
    ...step(status, decided_at, decided_by, archive_key === undefined ? {} : { archive_key }),
  ];
};
