import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as IORef from "fp-ts/IORef";
import * as RA from "fp-ts/ReadonlyArray";
import * as RT from "fp-ts/ReaderTask";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as T from "fp-ts/Task";
import * as TE from "fp-ts/TaskEither";
import { isGateClosed } from "../domain/order";
import type { StoredOrder } from "../domain/stored-order";
import { isHalted } from "../domain/trading";
import { traverseAllSteps } from "../fp/bounded";
import { type Outcomes, retrying, retryingEach } from "../fp/retry";
import type { Capabilities, Refused } from "../ports/capabilities";
import { now } from "../ports/clock";
import { describe, pauseBeforeRepeat, type PortError, transient } from "../ports/errors";
import * as log from "../ports/log";

export type Needs = Pick<
  Capabilities,
  "auction" | "attempts" | "trading" | "clock" | "random" | "deadline" | "log" | "invocation"
>;

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
const WRITES_AT_ONCE = 25;

/** Of what is not final, what may help to ask again now. */
const pauseAfter = (error: NotSent): number | undefined =>
  "operation" in error ? pauseBeforeRepeat(error) : undefined;

/**
 * Asked anew before each step: an order may wait for the auction platform until its gate closes, or somebody halts
 * trading. Where nobody can say whether somebody did, nothing is sent.
 */
const mayGoOn = ({ order }: Named): Sending<void> =>
  pipe(
    ({ trading }: Needs) => trading.state,
    RTE.bindTo("state"),
    RTE.bindW("at", () => now),
    RTE.flatMap(({ state, at }) => ({ deadline }: Needs): TE.TaskEither<NotSent, void> => {
      if (isGateClosed(order, at.getTime())) return TE.left({ _tag: "Closed" });
      if (isHalted(state)) return TE.left({ _tag: "Halted" });
      return at.getTime() + RESERVE_MS > deadline
        ? TE.left(transient("submitting an order", "the time is nearly up"))
        : TE.right(undefined);
    }),
  );

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
    mayGoOn(named),
    RTE.flatMap(() => begin(named)),
    RTE.filterOrElse(
      (isBegun) => isBegun,
      (): NotSent => ({ _tag: "Ended" }),
    ),
    retrying(pauseAfter, RESERVE_MS),
  );

/** What became of orders; of those that were taken, how many orders their call had. */
type Sent<A> = Outcomes<A, NotSent, number>;

const submit =
  <A extends Named>(all: ReadonlyArray<A>): RT.ReaderTask<Needs, Sent<A>> =>
  ({ auction }) =>
    all.length === 0
      ? T.of([])
      : pipe(
          auction.submit(all.map(({ order }) => order)),
          T.map((outcomes) => RA.zip(all, outcomes.map(E.as(all.length)))),
        );

/** Those that may still be sent, in one call right after they were asked about. */
const submitAllowed = <A extends Named>(all: ReadonlyArray<A>): RT.ReaderTask<Needs, Sent<A>> =>
  pipe(
    all,
    traverseAllSteps(all.length)((named) =>
      pipe(
        mayGoOn(named),
        RTE.bimap(
          (error) => [named, E.left(error)] as const,
          () => named,
        ),
      ),
    ),
    RT.map(RA.separate),
    RT.flatMap(({ left: hindered, right: allowed }) =>
      pipe(
        submit(allowed),
        RT.map((sent) => [...hindered, ...sent]),
      ),
    ),
  );

/** Those of which nobody but the auction platform may know. */
const unanswered = <A>(sent: Sent<A>): ReadonlyArray<A> =>
  sent.flatMap(([named, outcome]) => (E.isLeft(outcome) && outcome.left._tag === "Ambiguous" ? [named] : []));

const takeBackUnsent = <A extends Named>(
  sent: Sent<A>,
  mayHaveArrived: ReadonlySet<A>,
): RT.ReaderTask<Needs, unknown> =>
  pipe(
    sent,
    RA.filter(
      ([named, outcome]) =>
        E.isLeft(outcome) && outcome.left._tag !== "Refused" && !mayHaveArrived.has(named),
    ),
    traverseAllSteps(WRITES_AT_ONCE)(([named]) => takeBack(named)),
  );

/**
 * Sends orders that are claimed, at most as many as go into one call, each until the auction platform has answered it, or
 * there is no time left, or it may not be sent any more. An attempt is taken back where nothing of it reached the
 * auction platform.
 */
export const sendClaimed = <A extends Named>(all: ReadonlyArray<A>): RT.ReaderTask<Needs, Sent<A>> =>
  pipe(
    RT.fromIO(IORef.newIORef<ReadonlySet<A>>(new Set())),
    RT.flatMap((mayHaveArrived) =>
      pipe(
        all,
        retryingEach(
          pauseAfter,
          RESERVE_MS,
        )((some: ReadonlyArray<A>) =>
          pipe(
            submitAllowed(some),
            RT.tapIO((sent) => mayHaveArrived.modify((noted) => new Set([...noted, ...unanswered(sent)]))),
          ),
        ),
        RT.tap((sent) =>
          pipe(
            RT.fromIO(mayHaveArrived.read),
            RT.flatMap((may) => takeBackUnsent(sent, may)),
          ),
        ),
      ),
    ),
  );
