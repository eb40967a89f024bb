import * as E from "fp-ts/Either";
import { identity, pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as RT from "fp-ts/ReaderTask";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as T from "fp-ts/Task";
import { isTestOrder, NOT_SENT_REASON, type OrderId } from "../domain/order";
import { faultLines } from "../../lib/faults";
import { QueueMessage } from "../domain/queue-message";
import type { FoundOrder, StoredOrder } from "../domain/stored-order";
import { traverseAllSteps } from "../fp/bounded";
import { jsonOrUndefined } from "../../lib/json";
import { reached } from "../metrics";
import type { Capabilities, Refused } from "../ports/capabilities";
import { now } from "../ports/clock";
import { describe, pauseBeforeRepeat, type PortError } from "../ports/errors";
import { type EndingNeeds, expire } from "../ports/expiry";
import * as log from "../ports/log";
import { logUnreadable } from "../ports/unreadable";
import { postpone } from "./postpone";
import { followed, refuse } from "./refuse";
import { claim, type Named, type Needs as SendingNeeds, type NotSent, sendClaimed } from "./send";

type Needs = SendingNeeds &
  EndingNeeds &
  Pick<Capabilities, "deliveries"> & {
    readonly testOrders: TestOrders;
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

/** A message that can be read. */
type Read = {
  readonly delivery: Delivery;
  readonly message: QueueMessage;
  /** Its place in the batch. */
  readonly place: number;
};

type Step<A> = RTE.ReaderTaskEither<Needs, PortError, A>;

const NOT_SENT: Refused = { _tag: "Refused", reason: NOT_SENT_REASON };

/** False: another delivery of the same message, or already its result, was faster. */
const writeSubmitted =
  ({ order_id }: StoredOrder, at: Date): Step<boolean> =>
  ({ orders, invocation }) =>
    orders.change(order_id, { _tag: "Submitted", at: at.toISOString(), by: invocation });

const markSubmitted = (order: StoredOrder, ordersInCall: number): Step<unknown> =>
  pipe(
    now,
    RTE.bindTo("at"),
    RTE.bind("isWritten", ({ at }) => writeSubmitted(order, at)),
    RTE.tapReaderIO(({ at, isWritten }) =>
      log.info("order submitted", {
        ...followed(order),
        ...(ordersInCall > 1 ? { orders_in_call: ordersInCall } : {}),
        ...(isWritten ? reached("submitted", order, at) : {}),
      }),
    ),
  );

/** A message that must be delivered again. */
type Failed = Delivery & { readonly askedMs: number };
/** An order with the message that named it. */
type Ordered = Named & { readonly read: Read };
/** What is left to do about messages once they were handled: some come again, the gate of others' orders has closed. */
type Ends = RT.ReaderTask<Needs, ReadonlyArray<E.Either<Failed, Ordered>>>;

const DONE: Ends = RT.of([]);

const failed = ({ delivery, message }: Read, event: string, cause: string, askedMs = 0): Ends =>
  pipe(
    RT.fromReaderIO<Needs, unknown>(log.warn(event, { ...followed(message), cause })),
    RT.map(() => [E.left({ ...delivery, askedMs })]),
  );

const submissionFailed = (read: Read, error: PortError): Ends =>
  failed(read, `submission failed: ${error._tag}`, describe(error), pauseBeforeRepeat(error));

/** What is left to do about an order once a step of it was. */
const done = (read: Read, step: Step<unknown>): Ends =>
  pipe(
    step,
    RTE.matchE(
      (error) => submissionFailed(read, error),
      () => DONE,
    ),
  );

const notSent = (ordered: Ordered, error: NotSent): Ends => {
  const { read, order, place } = ordered;
  switch (error._tag) {
    case "Refused":
      return done(read, refuse(order, error, place));
    case "Closed":
      return RT.of([E.right(ordered)]);
    case "Ended":
      return done(read, RTE.rightReaderIO(log.info("order ended by another", followed(order))));
    case "Halted":
      return done(read, RTE.rightReaderIO(log.info("order left to the resume", followed(order))));
    case "Transient":
    case "Ambiguous":
    case "Permanent":
      return submissionFailed(read, error);
  }
};

/** In one call; each order's answer is handled by itself. */
const send = (claimed: ReadonlyArray<Ordered>): Ends =>
  pipe(
    sendClaimed(claimed),
    RT.flatMap(
      traverseAllSteps(claimed.length)(([ordered, outcome]) =>
        E.isLeft(outcome)
          ? notSent(ordered, outcome.left)
          : done(ordered.read, markSubmitted(ordered.order, outcome.right)),
      ),
    ),
    RT.map(RA.flatten),
  );

/** The first half of the work on a message, done for all of a batch together: what ends it, or an order to be sent. */
type Begun = RT.ReaderTask<Needs, E.Either<Ends, Ordered>>;

const ended = (ends: Ends): Begun => RT.of(E.left(ends));

const claimed = (ordered: Ordered): Begun =>
  pipe(
    claim(ordered),
    RTE.bimap(
      (error) => notSent(ordered, error),
      () => ordered,
    ),
  );

const isClosedTest =
  (order: StoredOrder): RT.ReaderTask<Needs, boolean> =>
  ({ testOrders }) =>
    T.of(testOrders === "closed" && isTestOrder(order));

const begin = (read: Read, found: FoundOrder | undefined): Begun => {
  if (found === undefined)
    return ended(failed(read, "message without an order", "no such order in the table"));
  if (E.isLeft(found)) return ended(failed(read, "message of an unreadable order", found.left.faults));
  const order = found.right;
  if (order.status !== "received") return ended(DONE);
  return pipe(
    isClosedTest(order),
    RT.flatMap((is) =>
      is
        ? ended(done(read, refuse(order, NOT_SENT, read.place)))
        : claimed({ read, order, place: read.place }),
    ),
  );
};

/** All at once, so that people get one message for the batch. */
const endClosed = (closed: ReadonlyArray<Ordered>): Ends =>
  closed.length === 0
    ? DONE
    : pipe(
        expire(closed.map(({ order }) => order)),
        RTE.matchE(
          (error) =>
            pipe(
              closed,
              traverseAllSteps(1)(({ read }: Ordered) => submissionFailed(read, error)),
              RT.map(RA.flatten),
            ),
          () => DONE,
        ),
      );

const get =
  (reads: ReadonlyArray<Read>): Step<ReadonlyMap<OrderId, FoundOrder>> =>
  ({ orders }) =>
    orders.get(reads.map(({ message }) => message.order_id));

/** In as few calls as the auction platform allows. */
const sendAll =
  (all: ReadonlyArray<Ordered>): RT.ReaderTask<Needs, ReadonlyArray<Ends>> =>
  ({ auction }) =>
    T.of(pipe(all, RA.chunksOf(auction.ordersPerCall), RA.map(send)));

/** All are claimed at once, with few requests to the table; then they are sent, a few calls at a time. */
const handleEach = (reads: ReadonlyArray<Read>): Ends =>
  pipe(
    get(reads),
    RTE.tapReaderIO((found) => logUnreadable(RA.lefts([...found.values()]))),
    RTE.match(
      (error) => (read: Read) => ended(failed(read, "orders not read", describe(error))),
      (found) => (read: Read) => begin(read, found.get(read.message.order_id)),
    ),
    RT.flatMap((each) => pipe(reads, traverseAllSteps(reads.length)(each))),
    RT.map(RA.separate),
    RT.flatMap(({ left: ends, right: toSend }) =>
      pipe(
        sendAll(toSend),
        RT.map((sends) => [...sends, ...ends]),
      ),
    ),
    RT.flatMap(traverseAllSteps(CALLS_AT_ONCE)(identity)),
    RT.map(RA.flatten),
  );

/** Messages that must be delivered again. */
type Failures = RT.ReaderTask<Needs, ReadonlyArray<Failed>>;

const handleAll = (reads: ReadonlyArray<Read>): Failures =>
  pipe(
    handleEach(reads),
    RT.map(RA.separate),
    RT.bind("unended", ({ right: closed }) => pipe(endClosed(closed), RT.map(RA.lefts))),
    RT.map(({ left: failures, unended }) => [...failures, ...unended]),
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
 * comes the later the more often it failed. While trading is halted, messages are done unsent: no halt is too long
 * for an order to wait in the table, and once trading is resumed the sweep queues it again.
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
