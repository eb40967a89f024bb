import { setTimeout as sleep } from "node:timers/promises";
import * as E from "fp-ts/Either";
import type * as TE from "fp-ts/TaskEither";

export type Patience = {
  /** When to give up, in epoch milliseconds. */
  readonly deadline: number;
  readonly pollMs: number;
  readonly now: () => number;
};

/**
 * Polls until the answer is what is waited for.
 *
 * @param judge what an answer means: the value waited for, a permanent failure, or undefined to go on
 * @param late the message when time is up, given the last answer
 */
export const until =
  <A, B>(
    ask: TE.TaskEither<string, A>,
    judge: (answer: A) => E.Either<string, B> | undefined,
    late: (answer: A) => string,
  ) =>
  ({ deadline, pollMs, now }: Patience): TE.TaskEither<string, B> =>
  async () => {
    for (;;) {
      const answer = await ask();
      if (E.isLeft(answer)) return answer;
      const judged = judge(answer.right);
      if (judged !== undefined) return judged;
      if (now() + pollMs > deadline) return E.left(late(answer.right));
      await sleep(pollMs);
    }
  };
