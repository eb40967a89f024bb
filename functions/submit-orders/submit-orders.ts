import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as RT from "fp-ts/ReaderTask";
import * as RTE from "fp-ts/ReaderTaskEither";
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
import { expire } from "../ports/expiry";
import * as log from "../ports/log";
import { logUnreadable } from "../ports/unreadable";
import { postpone } from "./postpone";
import { followed, refuse } from "./refuse";
import { RESERVE_MS, sendOrder } from "./send";

type Needs = Pick<
  Capabilities,
  | "orders"
  | "auction"
  | "notifier"
  | "announcements"
  | "attempts"
  | "trading"
  | "deliveries"
  | "clock"
  | "random"
  | "deadline"
  | "log"
  | "environment"
> & {
  /** Seconds the table keeps an order that has ended. */
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
  ({ orders }) =>
    orders.change(order_id, { _tag: "Submitted", at: at.toISOString() });

const markSubmitted = (order: StoredOrder): Step<unknown> =>
  pipe(
    now,
    RTE.bindTo("at"),
    RTE.bind("isWritten", ({ at }) => writeSubmitted(order, at)),
    RTE.tapReaderIO(({ at, isWritten }) =>
      log.info("order submitted", {
        ...followed(order),
        ...(isWritten ? reached("submitted", order, at) : {}),
      }),
    ),
  );

/** What became of an order whose message is not delivered again: an order past its gate is still to be ended. */
type Done = "done" | "closed";

const done = (step: Step<unknown>): Step<Done> => pipe(step, RTE.as("done" as const));

const submit = (order: StoredOrder, place: number): Step<Done> =>
  pipe(
    sendOrder(order, place),
    RTE.foldW(
      (error): Step<Done> => {
        switch (error._tag) {
          case "Refused":
            return done(refuse(order, error, place));
          case "Closed":
            return RTE.right("closed");
          case "Ended":
            return done(RTE.rightReaderIO(log.info("order ended by another", followed(order))));
          case "Halted":
            return done(RTE.rightReaderIO(log.info("order left to the resume", followed(order))));
          case "Transient":
          case "Ambiguous":
          case "Permanent":
            return RTE.left(error);
        }
      },
      () => done(markSubmitted(order)),
    ),
  );

const submitOrClose = (order: StoredOrder, place: number): Step<Done> =>
  pipe(
    RTE.asks(({ testOrders }: Needs) => testOrders === "closed" && isTestOrder(order)),
    RTE.flatMap((isClosed) => (isClosed ? done(refuse(order, NOT_SENT, place)) : submit(order, place))),
  );

/** A message that must be delivered again. */
type Failed = Delivery & { readonly askedMs: number };
/** An order whose gate has closed, with the message that named it. */
type Closed = { readonly read: Read; readonly order: StoredOrder };
/** What is left to do about messages once they were handled. */
type Ends = RT.ReaderTask<Needs, ReadonlyArray<E.Either<Failed, Closed>>>;

const DONE: Ends = RT.of([]);

const failed = ({ delivery, message }: Read, event: string, cause: string, askedMs = 0): Ends =>
  pipe(
    RT.fromReaderIO<Needs, unknown>(log.warn(event, { ...followed(message), cause })),
    RT.map(() => [E.left({ ...delivery, askedMs })]),
  );

const submissionFailed = (read: Read, error: PortError): Ends =>
  failed(read, `submission failed: ${error._tag}`, describe(error), pauseBeforeRepeat(error));

const isTimeLeft: RT.ReaderTask<Needs, boolean> =
  ({ clock, deadline }) =>
  () =>
    Promise.resolve(clock.now().getTime() + RESERVE_MS <= deadline);

const work = (read: Read, order: StoredOrder): Ends =>
  pipe(
    submitOrClose(order, read.place),
    RTE.matchE(
      (error) => submissionFailed(read, error),
      (end) => (end === "closed" ? RT.of([E.right({ read, order })]) : DONE),
    ),
  );

const handle = (read: Read, found: FoundOrder | undefined): Ends => {
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

/** All at once, so that people get one message for the batch. */
const endClosed = (closed: ReadonlyArray<Closed>): Ends =>
  closed.length === 0
    ? DONE
    : pipe(
        expire(closed.map(({ order }) => order)),
        RTE.matchE(
          (error) =>
            pipe(
              closed,
              traverseAllSteps(1)(({ read }: Closed) => submissionFailed(read, error)),
              RT.map(RA.flatten),
            ),
          () => DONE,
        ),
      );

const get =
  (reads: ReadonlyArray<Read>): Step<ReadonlyMap<OrderId, FoundOrder>> =>
  ({ orders }) =>
    orders.get(reads.map(({ message }) => message.order_id));

const handleEach = (reads: ReadonlyArray<Read>): Ends =>
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
