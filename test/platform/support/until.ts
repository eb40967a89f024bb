import { setTimeout as sleep } from "node:timers/promises";

/** Longer than any machine takes, however busy it is. */
const MOST_MS = 600_000;

/** Asks again and again until the answer is as wanted; fails with the last answer where it never is. */
export const until = async <A>(ask: () => A | Promise<A>, wanted: (answer: A) => boolean): Promise<A> => {
  const end = Date.now() + MOST_MS;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (Date.now() > end) throw new Error(`not within ${MOST_MS} ms, but ${JSON.stringify(answer)}`);
    await sleep(50);
  }
};
