/** Wall-clock time may jump, a machine may sleep: schedules and the terminal are told. */

/** Epoch milliseconds as they were at the start plus the time since: ages and deadlines by it survive any jump. */
export const steadyNow = (): number => Math.round(performance.timeOrigin + performance.now());

const CHECK_MS = 1_000;
/** Less is a clock being put right a little at a time, or a busy machine. */
const JUMP_MS = 2_000;

/** Tells of every jump of the wall clock, in milliseconds: ahead, or back where it is negative. */
export const watchClock = (jumped: (ms: number) => void): { readonly stop: () => void } => {
  const offset = (): number => Date.now() - performance.now();
  let before = offset();
  const timer = setInterval(() => {
    const now = offset();
    const ms = Math.round(now - before);
    if (Math.abs(ms) < JUMP_MS) return;
    before = now;
    jumped(ms);
  }, CHECK_MS).unref();
  return { stop: () => clearInterval(timer) };
};

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** `2 hours`, `1 minute`, `10 seconds`: the largest unit that there is one of. */
const spoken = (ms: number): string => {
  const seconds = Math.round(ms / 1_000);
  const [unit, size] = UNITS.find(([, length]) => seconds >= length) ?? ["second", 1];
  const count = Math.round(seconds / size);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
};

export const jumpText = (ms: number): string =>
  ms > 0
    ? `went ahead by ${spoken(ms)}, or the machine slept; schedules that were due meanwhile run once`
    : `went back by ${spoken(-ms)}; schedules go on by what it shows now`;
