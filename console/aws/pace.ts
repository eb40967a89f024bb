/** How often AWS is asked. */
import type { Service } from "./reads";

export type Pace = {
  /** From one reading of how things stand to the next. */
  readonly everyMs: number;
  /** The longest it becomes while AWS throttles or does not answer. */
  readonly longestMs: number;
  /** How long a metric is taken for as it was. */
  readonly metricsMs: number;
  /** The most calls in a second. */
  readonly aSecond?: Readonly<Record<Service, number>>;
};

export const LOCAL: Pace = { everyMs: 1_000, longestMs: 1_000, metricsMs: 0 };

/**
 * AWS bills calls, and limits those of an account: most of what it gives is left to the system that is looked at.
 * Metrics are written once a minute.
 */
export const IN_AWS: Pace = {
  everyMs: 10_000,
  longestMs: 120_000,
  metricsMs: 60_000,
  aSecond: { dynamodb: 20, sqs: 5, states: 2, cloudwatch: 10, logs: 4, s3: 2 },
};

/** Waits for one's turn: so many a second, in the order in which they come. */
export const turns = (aSecond = Infinity): (() => Promise<void>) => {
  let next = 0;
  return async () => {
    const now = performance.now();
    const mine = Math.max(now, next);
    next = mine + 1_000 / aSecond;
    if (mine > now) await new Promise((resolve) => setTimeout(resolve, mine - now));
  };
};

/** Reads what is asked for under a key, unless that was read within so many milliseconds, or is being read. */
export const remembering = <A>(ms: number) => {
  const known = new Map<string, { readonly answer: Promise<A>; until: number }>();
  const forget = (now: number): void => {
    for (const [key, { until }] of known) if (until <= now) known.delete(key);
  };
  return (key: string, read: () => Promise<A>): Promise<A> => {
    forget(performance.now());
    const found = known.get(key);
    if (found !== undefined) return found.answer;
    const entry = { answer: read(), until: Infinity };
    known.set(key, entry);
    entry.answer.then(
      () => (entry.until = performance.now() + ms),
      () => known.delete(key),
    );
    return entry.answer;
  };
};
