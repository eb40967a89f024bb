import * as E from "fp-ts/Either";
import type * as TE from "fp-ts/TaskEither";
import type { Clock } from "../ports/capabilities";

/**
 * Spares asking again for a while: whoever asks less than `ms` after another gets the same answer. Failures are not
 * kept, nor what `isKept` does not hold for, nor what a clock dates that was put back since.
 */
export const remembered = <E, A>(ms: number, isKept: (answer: A) => boolean = () => true) => {
  let last: { readonly asked: number; readonly answer: Promise<E.Either<E, A>> } | undefined;
  return ({ now }: Pick<Clock, "now">, ask: TE.TaskEither<E, A>): TE.TaskEither<E, A> =>
    async () => {
      const asked = now().getTime();
      if (last === undefined || asked < last.asked || asked >= last.asked + ms)
        last = { asked, answer: ask() };
      const mine = last;
      const answer = await mine.answer;
      if (last === mine && !E.exists(isKept)(answer)) last = undefined;
      return answer;
    };
};
