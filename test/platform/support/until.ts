import { setTimeout as sleep } from "node:timers/promises";

/** Longer than any machine takes, however busy it is. */
const MOST_MS = 600_000;

/** Between two questions: what takes long is asked less and less often, as asking takes the processors' time, too. */
const pauseAfter = (waitedMs: number): number => Math.min(Math.max(50, waitedMs / 10), 1_000);

/** Asks again and again until the answer is as wanted; fails with the last answer where it never is. */
export const until = async <A>(ask: () => A | Promise<A>, wanted: (answer: A) => boolean): Promise<A> => {
  const began = Date.now();
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    const waited = Date.now() - began;
    if (waited > MOST_MS) throw new Error(`not within ${MOST_MS} ms, but ${JSON.stringify(answer)}`);
    await sleep(pauseAfter(waited));
  }
};
