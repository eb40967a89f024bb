import * as t from "io-ts";

/** Jumps of the clock: `by` seconds, forward or back, `at` seconds after the platform started. */
const Jumps = t.readonlyArray(t.type({ at: t.number, by: t.number }));
export type Jumps = t.TypeOf<typeof Jumps>;

/** A clock that jumps, as every thread of the platform is told of it. */
export const JumpingClock = t.type({
  /** By the clock that never jumps and is one for all threads, `process.hrtime`. */
  startedNs: t.string,
  jumps: Jumps,
});
export type JumpingClock = t.TypeOf<typeof JumpingClock>;

let current: JumpingClock | undefined;

/** What to tell a thread, so that it has the same time. */
export const jumpingClock = (): JumpingClock | undefined => current;

const RealDate = Date;

/** From here on this thread's clock jumps; timers and durations go on as they do when a machine's clock is set. */
export const setJumpingClock = (clock: JumpingClock): void => {
  current = clock;
  const started = BigInt(clock.startedNs);
  const now = (): number => {
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    return (
      RealDate.now() + clock.jumps.reduce((sum, { at, by }) => (at <= seconds ? sum + by * 1_000 : sum), 0)
    );
  };
  globalThis.Date = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, args: ReadonlyArray<unknown>, newTarget: new () => object): object =>
      // eslint-disable-next-line @typescript-eslint/no-unsafe-return
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, property): unknown => (property === "now" ? now : Reflect.get(target, property)),
  });
};

export const startJumpingClock = (jumps: Jumps): void => {
  if (jumps.length > 0) setJumpingClock({ startedNs: String(process.hrtime.bigint()), jumps });
};
