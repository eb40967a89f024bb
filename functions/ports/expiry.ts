import * as Eq from "fp-ts/Eq";
import { pipe } from "fp-ts/function";
import * as N from "fp-ts/number";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as RA from "fp-ts/ReadonlyArray";
import * as TE from "fp-ts/TaskEither";
import { type AnnouncedOrder, type Announcement, inMessages } from "../domain/announcement";
import { EXPIRED_REASON, isTestOrder } from "../domain/order";
import type { StoredOrder } from "../domain/stored-order";
import { traverseSteps } from "../fp/bounded";
import { embedded, ORDERS } from "../metrics";
import type { Capabilities } from "./capabilities";
import { now } from "./clock";
import type { PortError } from "./errors";
import * as log from "./log";

/** What ending an order takes: it is written, and people are told of it once. */
export type EndingNeeds = Pick<
  Capabilities,
  "orders" | "announcements" | "notifier" | "clock" | "deadline" | "log" | "environment" | "invocation"
>;
type Step<A> = RTE.ReaderTaskEither<EndingNeeds, PortError, A>;

const WRITES_AT_ONCE = 50;

const byId = Eq.contramap(({ order_id }: StoredOrder): number => order_id)(N.Eq);

/** Gives the order back where it is for this invocation to expire: no attempt may have sent it, nobody else tells. */
const reserve =
  (at: Date) =>
  (order: StoredOrder): Step<ReadonlyArray<StoredOrder>> =>
  ({ announcements, invocation, deadline }) =>
    pipe(
      announcements.reserve(order.order_id, {
        by: `${invocation}/expiry`,
        now: at.getTime(),
        until: deadline,
        unsent: true,
      }),
      TE.map((isReserved) => (isReserved ? [order] : [])),
    );

const announce =
  (kind: "orders-expired" | "test-orders-closed") =>
  (orders: ReadonlyArray<AnnouncedOrder>): Step<void> =>
  ({ notifier, environment }) =>
    notifier.announce({ kind, environment, orders } satisfies Announcement);

const announceAll = (orders: ReadonlyArray<StoredOrder>): Step<unknown> => {
  const { left: real, right: tests } = RA.partition(isTestOrder)(orders);
  const messages = (some: ReadonlyArray<StoredOrder>) =>
    inMessages(some.map((order) => ({ ...order, reason: EXPIRED_REASON })));
  return pipe(
    messages(real),
    traverseSteps(1)(announce("orders-expired")),
    RTE.flatMap(() => pipe(messages(tests), traverseSteps(1)(announce("test-orders-closed")))),
  );
};

const write =
  (at: Date) =>
  ({ order_id }: StoredOrder): Step<boolean> =>
  ({ orders, invocation }) =>
    orders.change(order_id, { _tag: "Expired", at: at.toISOString(), by: invocation });

/**
 * Ends orders whose gate has closed: people are told in one message, then it is written. Passed over is what the
 * auction platform may have: its result decides, and until then the sweep reports it.
 */
export const expire = (closed: ReadonlyArray<StoredOrder>): Step<unknown> =>
  pipe(
    now,
    RTE.bindTo("at"),
    RTE.bind("expiring", ({ at }) =>
      pipe(closed, RA.uniq(byId), traverseSteps(WRITES_AT_ONCE)(reserve(at)), RTE.map(RA.flatten)),
    ),
    RTE.tap(({ expiring }) => announceAll(expiring)),
    RTE.bind("written", ({ at, expiring }) => pipe(expiring, traverseSteps(WRITES_AT_ONCE)(write(at)))),
    RTE.tapReaderIO(({ at, expiring, written }) =>
      expiring.length === 0
        ? log.silence
        : log.warn("orders expired", {
            order_ids: expiring.map(({ order_id }) => order_id),
            ...embedded(at, [ORDERS.expired, "Count", written.filter(Boolean).length]),
          }),
    ),
  );
