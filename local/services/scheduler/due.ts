import type { Occurrences } from "./schedule-expression";

/** When a schedule is due, whatever the wall clock does meanwhile. */
export type Due = {
  /** Milliseconds until it is due, zero or less if it is due now; undefined if never again. */
  readonly inMs: () => number | undefined;
  /** It has just been fired. */
  readonly fired: () => void;
};

/** A rate counts from when it last fired, on a clock that never jumps. */
const byRate = (everyMs: number, lastFired: number): Due => {
  // A last time in the future means that the clock has been put back since.
  const elapsed = Math.min(Math.max(Date.now() - lastFired, 0), everyMs);
  let since = performance.now() - elapsed;
  return {
    inMs: () => everyMs - (performance.now() - since),
    fired: () => {
      since = performance.now();
    },
  };
};

/** Anything else goes by the clock: what a jump ahead skipped is due once, what a jump back reaches again is due again. */
const byClock = ({ next, once }: Occurrences, lastFired: number | undefined): Due => {
  let over = once && lastFired !== undefined && next(new Date(lastFired)) === undefined;
  let due = next(new Date());
  return {
    inMs: () => {
      const now = new Date();
      if (over) return undefined;
      if (due === undefined || due > now) due = next(now);
      return due === undefined ? undefined : due.getTime() - now.getTime();
    },
    fired: () => {
      over = once;
      due = next(new Date());
    },
  };
};

/** @param lastFired epoch milliseconds; without it, a rate counts from now */
export const dueOf = (occurrences: Occurrences, lastFired: number | undefined): Due =>
  occurrences.everyMs === undefined
    ? byClock(occurrences, lastFired)
    : byRate(occurrences.everyMs, lastFired ?? Date.now());
