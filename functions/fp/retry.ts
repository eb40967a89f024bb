import { pipe } from "fp-ts/function";
import type * as RIO from "fp-ts/ReaderIO";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as TE from "fp-ts/TaskEither";
import type { Capabilities } from "../ports/capabilities";

type Needs = Pick<Capabilities, "clock" | "random" | "deadline">;

const BASE_MS = 100;
const CAP_MS = 5_000;

/** Full jitter: a random share of a pause that doubles, or what the other side asked for. Undefined: out of time. */
const pauseMs =
  (asked: number, repeats: number, reserveMs: number): RIO.ReaderIO<Needs, number | undefined> =>
  ({ clock, random, deadline }) =>
  () => {
    const pause = Math.max(asked, random() * Math.min(BASE_MS * 2 ** repeats, CAP_MS));
    return clock.now().getTime() + pause + reserveMs > deadline ? undefined : pause;
  };

const sleep =
  (ms: number): RTE.ReaderTaskEither<Needs, never, void> =>
  ({ clock }) =>
    TE.fromTask(clock.sleep(ms));

/**
 * Asks again while `pauseAfter` allows, and never so late that `reserveMs` would not be left before the deadline.
 *
 * @param pauseAfter undefined: do not ask again; 0 or more: ask again, after at least so many milliseconds
 */
export const retrying =
  <E>(pauseAfter: (error: E) => number | undefined, reserveMs: number) =>
  <R, A>(call: RTE.ReaderTaskEither<R, E, A>): RTE.ReaderTaskEither<R & Needs, E, A> => {
    const attempt = (repeats: number): RTE.ReaderTaskEither<R & Needs, E, A> =>
      pipe(
        call,
        RTE.orElse((error) => {
          const asked = pauseAfter(error);
          if (asked === undefined) return RTE.left(error);
          return pipe(
            RTE.rightReaderIO(pauseMs(asked, repeats, reserveMs)),
            RTE.flatMap((pause) =>
              pause === undefined
                ? RTE.left(error)
                : pipe(
                    sleep(pause),
                    RTE.flatMap(() => attempt(repeats + 1)),
                  ),
            ),
          );
        }),
      );
    return attempt(0);
  };
