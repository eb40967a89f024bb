import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import type * as RT from "fp-ts/ReaderTask";
import * as T from "fp-ts/Task";
import * as TE from "fp-ts/TaskEither";
import { announced, type Announcement } from "../domain/announcement";
import { isTestOrder, NOT_SENT_REASON } from "../domain/order";
import { faultLines } from "../../lib/faults";
import { QueueMessage } from "../domain/queue-message";
import type { FoundOrder, StoredOrder } from "../domain/stored-order";
import { traverseAll } from "../fp/bounded";
import { parseJson } from "../fp/parse-json";
import { retrying } from "../fp/retry";
import type { Capabilities, Refused } from "../ports/capabilities";
import { describe, pauseBeforeRepeat, type PortError } from "../ports/errors";
import { logUnreadable } from "../ports/unreadable";

type Needs = Pick<
  Capabilities,
  | "orders"
  | "auction"
  | "notifier"
  | "announcements"
  | "clock"
  | "random"
  | "deadline"
  | "log"
  | "environment"
> & {
  /** Seconds the table keeps a refused order. */
  readonly retentionSeconds: number;
  readonly testOrders: TestOrders;
  /** Names this invocation among all. */
  readonly invocation: string;
};

/**
 * What becomes of test orders: `submitted` to the simulator like any other, or `closed` unsent, where the
 * auction platform is a real one and every order is a bid for money.
 */
export type TestOrders = "submitted" | "closed";

/** One message of a batch, undecoded: a malformed one must not spoil the others. */
export type Delivery = { readonly messageId: string; readonly body: string };

const CALLS_AT_ONCE = 5;
/** What one submission with its write-back may take; with less left, a message is given back unsent. */
const RESERVE_MS = 2_000;

type Read = {
  readonly delivery: Delivery;
  readonly message: QueueMessage;
  /** Its place in the batch. */ readonly place: number;
};
type SubmitError = PortError | Refused;

/** A refusal is final; of the rest, what may help to ask again now. */
const pauseAfter = (error: SubmitError): number | undefined =>
  error._tag === "Refused" ? undefined : pauseBeforeRepeat(error);

const NOT_SENT: Refused = { _tag: "Refused", reason: NOT_SENT_REASON };

const announcementOf = (order: StoredOrder, reason: string, environment: string): Announcement => ({
  kind: isTestOrder(order) ? "test-orders-closed" : "order-refused",
  environment,
  orders: [{ ...announced(order), reason }],
});

/** Announced before it is written: a crash in between announces it twice, never not at all. */
const announceAndWrite = (
  order: StoredOrder,
  reason: string,
  needs: Needs,
): TE.TaskEither<PortError, void> => {
  const now = needs.clock.now();
  const { order_id } = order;
  return pipe(
    needs.notifier.announce(announcementOf(order, reason, needs.environment)),
    TE.flatMap(() =>
      needs.orders.change(order_id, {
        _tag: "Refused",
        at: now.toISOString(),
        reason,
        expiresAt: Math.floor(now.getTime() / 1_000) + needs.retentionSeconds,
      }),
    ),
    TE.tapIO(() => needs.log.warn("order refused", { order_id, request_id: order.request_id })),
    TE.asUnit,
  );
};

/**
 * An order posted three times is on the queue three times, and is refused three times at once; one of them tells
 * people. Its reservation ends when its invocation does: the order stays `received` until people were told, so
 * that the same message or the sweep goes on where a crash ended it.
 */
const refuse = (
  order: StoredOrder,
  { reason }: Refused,
  place: number,
  needs: Needs,
): TE.TaskEither<PortError, void> =>
  pipe(
    needs.announcements.reserve(order.order_id, {
      by: `${needs.invocation}/${place}`,
      now: needs.clock.now().getTime(),
      until: needs.deadline,
    }),
    TE.flatMap((isReserved) =>
      isReserved
        ? announceAndWrite(order, reason, needs)
        : TE.fromIO(needs.log.info("refusal told by another delivery", { order_id: order.order_id })),
    ),
  );

const submitted = (order: StoredOrder, needs: Needs): TE.TaskEither<PortError, void> =>
  pipe(
    needs.orders.change(order.order_id, { _tag: "Submitted", at: needs.clock.now().toISOString() }),
    // False: another delivery of the same message, or already its result, was faster.
    TE.tapIO(() =>
      needs.log.info("order submitted", { order_id: order.order_id, request_id: order.request_id }),
    ),
    TE.asUnit,
  );

const submit = (order: StoredOrder, place: number, needs: Needs): TE.TaskEither<PortError, void> =>
  pipe(
    needs.auction.submit(order),
    (call) => retrying(pauseAfter, RESERVE_MS)(call)(needs),
    TE.matchE(
      (error): TE.TaskEither<PortError, void> =>
        error._tag === "Refused" ? refuse(order, error, place, needs) : TE.left(error),
      () => submitted(order, needs),
    ),
  );

type Failed = { readonly messageId: string } | undefined;

const failed = (
  { delivery, message }: Read,
  event: string,
  cause: string,
  { log }: Pick<Needs, "log">,
): T.Task<Failed> =>
  pipe(
    T.fromIO(log.warn(event, { order_id: message.order_id, request_id: message.request_id, cause })),
    T.map(() => ({ messageId: delivery.messageId })),
  );

const handle =
  (read: Read, found: FoundOrder | undefined) =>
  (needs: Needs): T.Task<Failed> => {
    if (found === undefined)
      return failed(read, "message without an order", "no such order in the table", needs);
    if (E.isLeft(found)) return failed(read, "message of an unreadable order", found.left.faults, needs);
    const order = found.right;
    if (order.status !== "received") return T.of(undefined);
    const close = needs.testOrders === "closed" && isTestOrder(order);
    return () =>
      needs.clock.now().getTime() + RESERVE_MS > needs.deadline
        ? failed(read, "message given back", "the time is nearly up", needs)()
        : pipe(
            close ? refuse(order, NOT_SENT, read.place, needs) : submit(order, read.place, needs),
            TE.matchE(
              (error) => failed(read, `submission failed: ${error._tag}`, describe(error), needs),
              () => T.of<Failed>(undefined),
            ),
          )();
  };

/** Not deleted but failed: the queue's redrive carries it to the dead-letter queue. */
const setAside =
  ({ messageId, body }: Delivery, reason: string) =>
  ({ log }: Pick<Needs, "log">): T.Task<Failed> =>
    pipe(
      T.fromIO(log.error("malformed queue message", { message_id: messageId, bytes: body.length, reason })),
      T.map(() => ({ messageId })),
    );

/**
 * Submits the orders a batch of messages names.
 *
 * The table is the truth: an order no longer `received` needs nothing. An order that was sent without an
 * answer stays `received` and is sent again, under the same key, with the next delivery of its message.
 *
 * @returns the ids of the messages that must be delivered again
 */
export const submitOrders =
  (deliveries: ReadonlyArray<Delivery>): RT.ReaderTask<Needs, ReadonlyArray<string>> =>
  (needs) => {
    const decoded = deliveries.map((delivery) => ({
      delivery,
      message: QueueMessage.decode(parseJson(delivery.body)),
    }));
    const reads = decoded.flatMap(({ delivery, message }, place): ReadonlyArray<Read> =>
      message._tag === "Right" ? [{ delivery, message: message.right, place }] : [],
    );
    const malformed = decoded.flatMap(({ delivery, message }) =>
      message._tag === "Left" ? [setAside(delivery, faultLines(message.left))] : [],
    );
    const work = pipe(
      needs.orders.get(reads.map(({ message }) => message.order_id)),
      TE.tapIO((found) => logUnreadable(RA.lefts([...found.values()]))(needs)),
      TE.matchE(
        (error) =>
          T.sequenceArray(reads.map((read) => failed(read, "orders not read", describe(error), needs))),
        (found) =>
          pipe(
            reads,
            traverseAll(CALLS_AT_ONCE)((read: Read) => handle(read, found.get(read.message.order_id))(needs)),
          ),
      ),
    );
    return pipe(
      T.sequenceArray(malformed.map((aside) => aside(needs))),
      T.flatMap((aside) =>
        pipe(
          work,
          T.map((worked) =>
            [...aside, ...worked].flatMap((item) => (item === undefined ? [] : [item.messageId])),
          ),
        ),
      ),
    );
  };
