/**
 * Repeatable chance: a number in [0, 1) from the seed, the rule and how often the rule has drawn. Each
 * rule counts for itself, so calls to other services in another order leave its own sequence as it was.
 */
export const seededRandom = (seed: number, who: string, count: number): number => {
  let state = seed | 0;
  for (let index = 0; index < who.length; index++)
    state = Math.imul(state ^ who.charCodeAt(index), 0x01000193);
  return mulberry32((state + Math.imul(count + 1, 0x9e3779b1)) | 0);
};

/** One step of the mulberry32 generator: every bit of the state reaches every bit of the number. */
const mulberry32 = (state: number): number => {
  const started = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(started ^ (started >>> 15), started | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};
