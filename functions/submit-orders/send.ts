import { pipe } from "fp-ts/function";
import * as IO from "fp-ts/IO";
import * as IORef from "fp-ts/IORef";
import * as RTE from "fp-ts/ReaderTaskEither";
import { isGateClosed } from "../domain/order";
import type { StoredOrder } from "../domain/stored-order";
import { isHalted } from "../domain/trading";
import { retrying } from "../fp/retry";
import type { Capabilities, Refused } from "../ports/capabilities";
import { now } from "../ports/clock";
import { describe, pauseBeforeRepeat, type PortError } from "../ports/errors";
import * as log from "../ports/log";

type Needs = Pick<
  Capabilities,
  "auction" | "attempts" | "trading" | "clock" | "random" | "deadline" | "log"
> & {
  /** Names this invocation among all. */
  readonly invocation: string;
};

/** Its gate has closed: it is not sent, or not again. */
type Closed = { readonly _tag: "Closed" };
/** It is no longer this delivery's to send: another is ending it. */
type Ended = { readonly _tag: "Ended" };
/** Trading is halted: it is not sent, or not again, before it is resumed. */
type Halted = { readonly _tag: "Halted" };
type NotSent = PortError | Refused | Closed | Ended | Halted;

type Sending<A> = RTE.ReaderTaskEither<Needs, NotSent, A>;

/** What one submission with its write-back may take; with less left, a message is given back unsent. */
export const RESERVE_MS = 2_000;

/** Of what is not final, what may help to ask again now. */
const pauseAfter = (error: NotSent): number | undefined =>
  "operation" in error ? pauseBeforeRepeat(error) : undefined;

/**
 * Asked anew before each attempt: an order may wait for the auction platform until its gate closes, or somebody halts
 * trading. Where nobody can say whether somebody did, nothing is sent.
 */
const whileAllowed = (order: StoredOrder, step: Sending<void>): Sending<void> =>
  pipe(
    ({ trading }: Needs) => trading.state,
    RTE.bindTo("state"),
    RTE.bindW("at", () => now),
    RTE.flatMap(({ state, at }) => {
      if (isGateClosed(order, at.getTime())) return RTE.left<Needs, NotSent>({ _tag: "Closed" });
      return isHalted(state) ? RTE.left<Needs, NotSent>({ _tag: "Halted" }) : step;
    }),
  );

const submit =
  (order: StoredOrder): Sending<void> =>
  ({ auction }) =>
    auction.submit(order);

const begin = ({ order_id }: StoredOrder, by: string): Sending<void> =>
  pipe(
    now,
    RTE.flatMap(
      (at) =>
        ({ attempts }: Needs) =>
          attempts.begin(order_id, { by, now: at.getTime() }),
    ),
    RTE.flatMap((begun) => (begun ? RTE.right(undefined) : RTE.left({ _tag: "Ended" as const }))),
  );

/** Where it fails, the order counts as one that may have been sent. */
const takeBack = ({ order_id }: StoredOrder, by: string): RTE.ReaderTaskEither<Needs, never, unknown> =>
  pipe(
    ({ attempts }: Needs) => attempts.takeBack(order_id, by),
    RTE.orElse((error) =>
      RTE.rightReaderIO<Needs, never, unknown>(
        log.warn("attempt not taken back", { order_id, cause: describe(error) }),
      ),
    ),
  );

/** Sends an order with a gate, under an attempt that is taken back where nothing of it reached the auction platform. */
const attempt = (order: StoredOrder, by: string): Sending<void> =>
  pipe(
    begin(order, by),
    RTE.flatMap(() => RTE.rightIO(IORef.newIORef(false))),
    RTE.flatMap((mayHaveArrived) =>
      pipe(
        whileAllowed(order, submit(order)),
        RTE.tapError(({ _tag }) =>
          RTE.rightIO(_tag === "Ambiguous" ? mayHaveArrived.write(true) : IO.of(undefined)),
        ),
        retrying(pauseAfter, RESERVE_MS),
        RTE.tapError(({ _tag }) =>
          pipe(
            RTE.rightIO<Needs, never, boolean>(mayHaveArrived.read),
            RTE.flatMap((may) => (may || _tag === "Refused" ? RTE.right(undefined) : takeBack(order, by))),
          ),
        ),
      ),
    ),
  );

/**
 * Sends an order until the auction platform has answered, or there is no time left, or it may not be sent any more.
 *
 * @param place of its message in the batch
 */
export const sendOrder = (order: StoredOrder, place: number): Sending<void> =>
  order.valid_until === undefined
    ? pipe(whileAllowed(order, submit(order)), retrying(pauseAfter, RESERVE_MS))
    : whileAllowed(order, (needs) => attempt(order, `${needs.invocation}/${place}`)(needs));
