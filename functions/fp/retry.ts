import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import type * as RIO from "fp-ts/ReaderIO";
import * as RT from "fp-ts/ReaderTask";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as TE from "fp-ts/TaskEither";
import type { Capabilities } from "../ports/capabilities";
import { traverseAllSteps } from "./bounded";

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

/** What became of each of several things that were asked for together. */
export type Outcomes<A, E, B> = ReadonlyArray<readonly [A, E.Either<E, B>]>;

/**
 * The same for several things at once, each with an outcome of its own: those that may be asked for again after the same
 * pause are asked for together.
 */
export const retryingEach =
  <E>(pauseAfter: (error: E) => number | undefined, reserveMs: number) =>
  <R, A, B>(call: (items: ReadonlyArray<A>) => RT.ReaderTask<R, Outcomes<A, E, B>>) => {
    type Step = RT.ReaderTask<R & Needs, Outcomes<A, E, B>>;

    const repeat = (outcomes: Outcomes<A, E, B>, asked: number | undefined, repeats: number): Step => {
      if (asked === undefined) return RT.of(outcomes);
      return pipe(
        RT.fromReaderIO(pauseMs(asked, repeats, reserveMs)),
        RT.flatMap((pause) =>
          pause === undefined
            ? RT.of(outcomes)
            : pipe(
                RT.asksReaderTask(({ clock }: R & Needs) => RT.fromTask(clock.sleep(pause))),
                RT.flatMap(() =>
                  attempt(
                    outcomes.map(([item]) => item),
                    repeats + 1,
                  ),
                ),
              ),
        ),
      );
    };

    const attempt = (items: ReadonlyArray<A>, repeats: number): Step =>
      pipe(
        call(items),
        RT.flatMap((outcomes) => {
          const groups = [
            ...Map.groupBy(outcomes, ([, outcome]) =>
              E.isLeft(outcome) ? pauseAfter(outcome.left) : undefined,
            ),
          ];
          return pipe(
            groups,
            traverseAllSteps(groups.length)(([asked, some]) => repeat(some, asked, repeats)),
          );
        }),
        RT.map((groups) => groups.flat()),
      );

    return (items: ReadonlyArray<A>): Step => attempt(items, 0);
  };
