import { setTimeout as sleep } from "node:timers/promises";

/** Asks again and again until the answer is as wanted; fails with the last answer when it takes too long. */
export const until = async <A>(
  ask: () => A | Promise<A>,
  wanted: (answer: A) => boolean,
  ms = 10_000,
): Promise<A> => {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (Date.now() > end) throw new Error(`not within ${ms} ms, but ${JSON.stringify(answer)}`);
    await sleep(50);
  }
};
