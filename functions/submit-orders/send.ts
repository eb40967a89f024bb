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
import { describe, pauseBeforeRepeat, type PortError, transient } from "../ports/errors";
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
/** It is no longer this delivery's to send: another is ending it, or has. */
type Ended = { readonly _tag: "Ended" };
/** Trading is halted: it is not sent, or not again, before it is resumed. */
type Halted = { readonly _tag: "Halted" };
export type NotSent = PortError | Refused | Closed | Ended | Halted;

type Sending<A> = RTE.ReaderTaskEither<Needs, NotSent, A>;

/** An order that a message of the batch names. */
export type Named = {
  readonly order: StoredOrder;
  /** The message's place in the batch. */
  readonly place: number;
};

/** What one submission with its write-back may take; with less left, nothing is begun. */
const RESERVE_MS = 2_000;

/** Of what is not final, what may help to ask again now. */
const pauseAfter = (error: NotSent): number | undefined =>
  "operation" in error ? pauseBeforeRepeat(error) : undefined;

/**
 * Asked anew before each step: an order may wait for the auction platform until its gate closes, or somebody halts
 * trading. Where nobody can say whether somebody did, nothing is sent.
 */
const whileAllowed = <A>({ order }: Named, step: Sending<A>): Sending<A> =>
  pipe(
    ({ trading }: Needs) => trading.state,
    RTE.bindTo("state"),
    RTE.bindW("at", () => now),
    RTE.flatMap(({ state, at }) => (needs: Needs) => {
      if (isGateClosed(order, at.getTime())) return RTE.left<Needs, NotSent, A>({ _tag: "Closed" })(needs);
      if (isHalted(state)) return RTE.left<Needs, NotSent, A>({ _tag: "Halted" })(needs);
      return at.getTime() + RESERVE_MS > needs.deadline
        ? RTE.left<Needs, NotSent, A>(transient("submitting an order", "the time is nearly up"))(needs)
        : step(needs);
    }),
  );

const submit =
  ({ order }: Named): Sending<void> =>
  ({ auction }) =>
    auction.submit(order);

/** The attempt's own name among all of the order's. */
const attemptOf = ({ place }: Named, { invocation }: Needs): string => `${invocation}/${place}`;

const begin = (named: Named): Sending<boolean> =>
  pipe(
    now,
    RTE.flatMap(
      (at) => (needs: Needs) =>
        needs.attempts.begin(named.order.order_id, { by: attemptOf(named, needs), now: at.getTime() }),
    ),
  );

/** Where it fails, the order counts as one that may have been sent. */
const takeBack = (named: Named): RTE.ReaderTaskEither<Needs, never, unknown> =>
  pipe(
    (needs: Needs) => needs.attempts.takeBack(named.order.order_id, attemptOf(named, needs)),
    RTE.orElse((error) =>
      RTE.rightReaderIO<Needs, never, unknown>(
        log.warn("attempt not taken back", { order_id: named.order.order_id, cause: describe(error) }),
      ),
    ),
  );

/** Notes that an order is about to be sent. Until it is `submitted` or the attempt is taken back, it may have been. */
export const claim = (named: Named): Sending<unknown> =>
  pipe(
    whileAllowed(
      named,
      pipe(
        begin(named),
        RTE.filterOrElse(
          (isBegun) => isBegun,
          (): NotSent => ({ _tag: "Ended" }),
        ),
      ),
    ),
    retrying(pauseAfter, RESERVE_MS),
  );

/**
 * Sends an order that is claimed until the auction platform has answered, or there is no time left, or it may not
 * be sent any more. The attempt is taken back where nothing of it reached the auction platform.
 */
export const sendClaimed = (named: Named): Sending<void> =>
  pipe(
    RTE.rightIO<Needs, NotSent, IORef.IORef<boolean>>(IORef.newIORef(false)),
    RTE.flatMap((mayHaveArrived) =>
      pipe(
        whileAllowed(named, submit(named)),
        RTE.tapError(({ _tag }) =>
          RTE.rightIO(_tag === "Ambiguous" ? mayHaveArrived.write(true) : IO.of(undefined)),
        ),
        retrying(pauseAfter, RESERVE_MS),
        RTE.tapError(({ _tag }) =>
          pipe(
            RTE.rightIO<Needs, never, boolean>(mayHaveArrived.read),
            RTE.flatMap((may) => (may || _tag === "Refused" ? RTE.right(undefined) : takeBack(named))),
          ),
        ),
      ),
    ),
  );
