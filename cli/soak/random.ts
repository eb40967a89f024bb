/**
 * Numbers from 0 up to 1 that the same seed repeats (mulberry32).
 * @param purpose each has numbers of its own: what runs at the same time would take them in another order each time
 */
export const random = (seed: number, purpose: string): (() => number) => {
  let state = Array.from(purpose, (character) => character.charCodeAt(0)).reduce(
    (hash, code) => Math.imul(hash ^ code, 0x0100_0193),
    seed ^ 0x811c_9dc5,
  );
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
};
