import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as RT from "fp-ts/ReaderTask";
import * as RTE from "fp-ts/ReaderTaskEither";
import { announced } from "../domain/announcement";
import { isTestOrder, NOT_SENT_REASON, type OrderId } from "../domain/order";
import { faultLines } from "../../lib/faults";
import { QueueMessage } from "../domain/queue-message";
import type { FoundOrder, StoredOrder } from "../domain/stored-order";
import { traverseAllSteps } from "../fp/bounded";
import { jsonOrUndefined } from "../../lib/json";
import { retrying } from "../fp/retry";
import { reached } from "../metrics";
import type { Capabilities, Refused } from "../ports/capabilities";
import { now } from "../ports/clock";
import { describe, pauseBeforeRepeat, type PortError } from "../ports/errors";
import * as log from "../ports/log";
import { logUnreadable } from "../ports/unreadable";
import { postpone } from "./postpone";

type Needs = Pick<
  Capabilities,
  | "orders"
  | "auction"
  | "notifier"
  | "announcements"
  | "deliveries"
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
export type Delivery = {
  readonly messageId: string;
  readonly body: string;
  /** By which this delivery of the message is known to the queue. */
  readonly receipt: string;
  /** How often the message was delivered, this time included. */
  readonly receiveCount: number;
};

const CALLS_AT_ONCE = 5;
/** What one submission with its write-back may take; with less left, a message is given back unsent. */
const RESERVE_MS = 2_000;

/** A message that can be read. */
type Read = {
  readonly delivery: Delivery;
  readonly message: QueueMessage;
  /** Its place in the batch. */
  readonly place: number;
};

type Step<A> = RTE.ReaderTaskEither<Needs, PortError, A>;

/** A refusal is final; of the rest, what may help to ask again now. */
const pauseAfter = (error: PortError | Refused): number | undefined =>
  error._tag === "Refused" ? undefined : pauseBeforeRepeat(error);

const NOT_SENT: Refused = { _tag: "Refused", reason: NOT_SENT_REASON };

/** By what an order is followed through the logs. */
const followed = ({ order_id, request_id }: Pick<StoredOrder, "order_id" | "request_id">) => ({
  order_id,
  request_id,
});

const announce =
  (order: StoredOrder, reason: string): Step<void> =>
  ({ notifier, environment }) =>
    notifier.announce({
      kind: isTestOrder(order) ? "test-orders-closed" : "order-refused",
      environment,
      orders: [{ ...announced(order), reason }],
    });

const writeRefused =
  ({ order_id }: StoredOrder, reason: string, at: Date): Step<boolean> =>
  ({ orders, retentionSeconds }) =>
    orders.change(order_id, {
      _tag: "Refused",
      at: at.toISOString(),
      reason,
      expiresAt: Math.floor(at.getTime() / 1_000) + retentionSeconds,
    });

/** Announced before it is written: a crash in between announces it twice, never not at all. */
const announceAndWrite = (order: StoredOrder, reason: string): Step<unknown> =>
  pipe(
    announce(order, reason),
    RTE.flatMap(() => now),
    RTE.bindTo("at"),
    RTE.bind("isWritten", ({ at }) => writeRefused(order, reason, at)),
    RTE.tapReaderIO(({ at, isWritten }) =>
      log.warn("order refused", {
        ...followed(order),
        ...(isWritten ? reached("rejected", order, at) : {}),
      }),
    ),
  );

const reserve =
  ({ order_id }: StoredOrder, place: number, at: Date): Step<boolean> =>
  ({ announcements, invocation, deadline }) =>
    announcements.reserve(order_id, { by: `${invocation}/${place}`, now: at.getTime(), until: deadline });

const toldByAnother = ({ order_id }: StoredOrder): Step<unknown> =>
  RTE.rightReaderIO(log.info("refusal told by another delivery", { order_id }));

/**
 * An order posted three times is on the queue three times, and is refused three times at once; one of them tells
 * people. Its reservation ends when its invocation does: the order stays `received` until people were told, so
 * that the same message or the sweep goes on where a crash ended it.
 */
const refuse = (order: StoredOrder, { reason }: Refused, place: number): Step<unknown> =>
  pipe(
    now,
    RTE.flatMap((at) => reserve(order, place, at)),
    RTE.flatMap((isReserved) => (isReserved ? announceAndWrite(order, reason) : toldByAnother(order))),
  );

const send =
  (order: StoredOrder): RTE.ReaderTaskEither<Needs, PortError | Refused, void> =>
  ({ auction }) =>
    auction.submit(order);

/** False: another delivery of the same message, or already its result, was faster. */
const writeSubmitted =
  ({ order_id }: StoredOrder, at: Date): Step<boolean> =>
  ({ orders }) =>
    orders.change(order_id, { _tag: "Submitted", at: at.toISOString() });

const submit = (order: StoredOrder, place: number): Step<unknown> =>
  pipe(
    send(order),
    retrying(pauseAfter, RESERVE_MS),
    RTE.flatMap(() => now),
    RTE.bindTo("at"),
    RTE.bindW("isWritten", ({ at }) => writeSubmitted(order, at)),
    RTE.tapReaderIO(({ at, isWritten }) =>
      log.info("order submitted", {
        ...followed(order),
        ...(isWritten ? reached("submitted", order, at) : {}),
      }),
    ),
    RTE.orElse((error) => (error._tag === "Refused" ? refuse(order, error, place) : RTE.left(error))),
  );

const submitOrClose = (order: StoredOrder, place: number): Step<unknown> =>
  pipe(
    RTE.asks(({ testOrders }: Needs) => testOrders === "closed" && isTestOrder(order)),
    RTE.flatMap((isClosed) => (isClosed ? refuse(order, NOT_SENT, place) : submit(order, place))),
  );

/** Messages that must be delivered again. */
type Failures = RT.ReaderTask<Needs, ReadonlyArray<Delivery & { readonly askedMs: number }>>;

const DONE: Failures = RT.of([]);

const failed = ({ delivery, message }: Read, event: string, cause: string, askedMs = 0): Failures =>
  pipe(
    RT.fromReaderIO<Needs, unknown>(log.warn(event, { ...followed(message), cause })),
    RT.map(() => [{ ...delivery, askedMs }]),
  );

const isTimeLeft: RT.ReaderTask<Needs, boolean> =
  ({ clock, deadline }) =>
  () =>
    Promise.resolve(clock.now().getTime() + RESERVE_MS <= deadline);

const work = (read: Read, order: StoredOrder): Failures =>
  pipe(
    submitOrClose(order, read.place),
    RTE.matchE(
      (error) => failed(read, `submission failed: ${error._tag}`, describe(error), pauseBeforeRepeat(error)),
      () => DONE,
    ),
  );

const handle = (read: Read, found: FoundOrder | undefined): Failures => {
  if (found === undefined) return failed(read, "message without an order", "no such order in the table");
  if (E.isLeft(found)) return failed(read, "message of an unreadable order", found.left.faults);
  const order = found.right;
  if (order.status !== "received") return DONE;
  return pipe(
    isTimeLeft,
    RT.flatMap((is) =>
      is ? work(read, order) : failed(read, "message given back", "the time is nearly up"),
    ),
  );
};

const get =
  (reads: ReadonlyArray<Read>): Step<ReadonlyMap<OrderId, FoundOrder>> =>
  ({ orders }) =>
    orders.get(reads.map(({ message }) => message.order_id));

const handleAll = (reads: ReadonlyArray<Read>): Failures =>
  pipe(
    get(reads),
    RTE.tapReaderIO((found) => logUnreadable(RA.lefts([...found.values()]))),
    RTE.match(
      (error) => (read: Read) => failed(read, "orders not read", describe(error)),
      (found) => (read: Read) => handle(read, found.get(read.message.order_id)),
    ),
    RT.flatMap((each) => pipe(reads, traverseAllSteps(CALLS_AT_ONCE)(each))),
    RT.map(RA.flatten),
  );

type Malformed = { readonly delivery: Delivery; readonly reason: string };

/** Not deleted but failed: the queue's redrive carries it to the dead-letter queue. */
const setAside = ({ delivery, reason }: Malformed): Failures =>
  pipe(
    RT.fromReaderIO<Needs, unknown>(
      log.error("malformed queue message", {
        message_id: delivery.messageId,
        bytes: delivery.body.length,
        reason,
      }),
    ),
    RT.map(() => [{ ...delivery, askedMs: 0 }]),
  );

const decode = (place: number, delivery: Delivery): E.Either<Malformed, Read> =>
  pipe(
    QueueMessage.decode(jsonOrUndefined(delivery.body)),
    E.bimap(
      (errors) => ({ delivery, reason: faultLines(errors) }),
      (message) => ({ delivery, message, place }),
    ),
  );

/**
 * Submits the orders a batch of messages names.
 *
 * The table is the truth: an order no longer `received` needs nothing. An order that was sent without an
 * answer stays `received` and is sent again, under the same key, with the next delivery of its message, which
 * comes the later the more often it failed.
 *
 * @returns the ids of the messages that must be delivered again
 */
export const submitOrders = (
  deliveries: ReadonlyArray<Delivery>,
): RT.ReaderTask<Needs, ReadonlyArray<string>> => {
  const { left: malformed, right: reads } = RA.partitionMapWithIndex(decode)(deliveries);
  return pipe(
    RT.Do,
    RT.bind("aside", () => pipe(malformed, traverseAllSteps(CALLS_AT_ONCE)(setAside))),
    RT.bind("failed", () => handleAll(reads)),
    RT.map(({ aside, failed: others }) => [...aside.flat(), ...others]),
    RT.tap((failures) => postpone(failures)),
    RT.map((failures) => failures.map(({ messageId }) => messageId)),
  );
};
