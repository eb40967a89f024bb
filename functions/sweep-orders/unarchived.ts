import { createHash } from "node:crypto";
import { pipe } from "fp-ts/function";
import * as N from "fp-ts/number";
import * as Ord from "fp-ts/Ord";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as RA from "fp-ts/ReadonlyArray";
import { endedKey } from "../domain/archive";
import { archived } from "../domain/archived-order";
import { isFinal } from "../domain/status";
import type { StoredOrder } from "../domain/stored-order";
import { traverseSteps } from "../fp/bounded";
import { now } from "../ports/clock";
import * as log from "../ports/log";
import type { Concern, Needs, Step } from "./concerns";

const WRITES_AT_ONCE = 50;

const byId = Ord.contramap(({ order_id }: StoredOrder): number => order_id)(N.Ord);

const dayOf = ({ decided_at, received_at }: StoredOrder): string => (decided_at ?? received_at).slice(0, 10);

const put =
  (key: string, orders: ReadonlyArray<unknown>): Step<void> =>
  ({ archive }) =>
    archive.put(key, { orders });

const leave =
  (archiveKey: string) =>
  ({ order_id }: StoredOrder): Step<boolean> =>
    pipe(
      now,
      RTE.flatMap(
        (at) =>
          ({ orders, retentionSeconds }: Needs) =>
            orders.change(order_id, {
              _tag: "Archived",
              archiveKey,
              expiresAt: Math.floor(at.getTime() / 1_000) + retentionSeconds,
            }),
      ),
    );

/**
 * The object first, then the orders leave the outbox. Its key is of its content: the same orders again are the same
 * object, and where some have left before a crash, the rest stand in a second one, which says the same of them.
 */
const archiveDay = (ended: ReadonlyArray<StoredOrder>): Step<unknown> => {
  const orders = pipe(ended, RA.sort(byId), RA.map(archived));
  const digest = createHash("sha256").update(JSON.stringify(orders)).digest("hex");
  const key = endedKey(ended.map(dayOf)[0] ?? "", digest);
  return pipe(
    put(key, orders),
    RTE.flatMap(() => pipe(ended, traverseSteps(WRITES_AT_ONCE)(leave(key)))),
    RTE.tapReaderIO(() =>
      log.info("orders archived", { key, order_ids: orders.map(({ order_id }) => order_id) }),
    ),
  );
};

/** Ended without a result page, and not archived yet. */
export const UNARCHIVED: Concern = {
  status: "unarchived",
  isDue: ({ status, archive_key }) => isFinal(status) && archive_key === undefined,
  lot: 500,
  afterSeconds: () => 0,
  quietSeconds: () => 0,
  act: (ended) =>
    pipe(
      [...Map.groupBy(ended, dayOf).values()],
      traverseSteps(1)(archiveDay),
      RTE.map(() => ended.length),
    ),
};
