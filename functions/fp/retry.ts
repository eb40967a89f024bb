import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { Capabilities } from "../ports/capabilities";

type Needs = Pick<Capabilities, "clock" | "random" | "deadline">;

const BASE_MS = 100;
const CAP_MS = 5_000;

/**
 * Asks again while `pauseAfter` allows, with full jitter (a random share of a pause that doubles) or after the
 * pause the other side asked for, and never so late that `reserveMs` would not be left before the deadline.
 *
 * @param pauseAfter undefined: do not ask again; 0 or more: ask again, after at least so many milliseconds
 */
export const retrying =
  <E>(pauseAfter: (error: E) => number | undefined, reserveMs: number) =>
  <A>(task: TE.TaskEither<E, A>) =>
  ({ clock, random, deadline }: Needs): TE.TaskEither<E, A> => {
    const attempt = (count: number): TE.TaskEither<E, A> =>
      pipe(
        task,
        TE.orElse((error) => {
          const asked = pauseAfter(error);
          if (asked === undefined) return TE.left(error);
          const pause = Math.max(asked, random() * Math.min(BASE_MS * 2 ** count, CAP_MS));
          if (clock.now().getTime() + pause + reserveMs > deadline) return TE.left(error);
          return pipe(
            TE.fromTask(clock.sleep(pause)),
            TE.flatMap(() => attempt(count + 1)),
          );
        }),
      );
    return attempt(0);
  };
