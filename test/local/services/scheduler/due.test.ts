import * as E from "fp-ts/Either";
import { type Due, dueOf } from "../../../../local/services/scheduler/due";
import { parseSchedule } from "../../../../local/services/scheduler/schedule-expression";

const NOON = Date.parse("2026-11-23T12:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const due = (expression: string, lastFired?: number): Due => {
  const parsed = parseSchedule(expression, "UTC");
  if (E.isLeft(parsed)) throw new Error(parsed.left);
  return dueOf(parsed.right, lastFired);
};

beforeEach(() => {
  jest.useFakeTimers({ now: NOON });
});
afterEach(() => {
  jest.useRealTimers();
});

const passes = (ms: number): void => {
  jest.advanceTimersByTime(ms);
};
const jumps = (ms: number): void => {
  jest.setSystemTime(Date.now() + ms);
};
/** How often a schedule fires while so many seconds pass. */
const fires = (schedule: Due, seconds: number): number => {
  let count = 0;
  for (let second = 0; second < seconds; second += 1) {
    if ((schedule.inMs() ?? 1) <= 0) {
      schedule.fired();
      count += 1;
    }
    passes(1_000);
  }
  return count;
};

describe("a rate", () => {
  it.each([
    ["ahead by a year", 365 * 24 * HOUR],
    ["ahead by a second", 1_000],
    ["back by two hours", -2 * HOUR],
    ["back by a year", -365 * 24 * HOUR],
  ])("fires as often with a clock that jumps %s", (_, ms) => {
    const schedule = due("rate(1 minute)", NOON);
    passes(30_000);
    jumps(ms);
    expect(schedule.inMs()).toBe(30_000);
    expect(fires(schedule, 10 * 60)).toBe(10);
  });

  it("fires within its time after a start with a clock that was ahead when it last fired", () => {
    expect(due("rate(1 minute)", NOON + 365 * 24 * HOUR).inMs()).toBe(MINUTE);
    expect(due("rate(1 minute)", NOON - 20_000).inMs()).toBe(40_000);
    expect(due("rate(1 minute)", NOON - HOUR).inMs()).toBe(0);
  });
});

describe("a cron expression", () => {
  it("fires once for everything that a jump ahead passed over, and then as it says", () => {
    const schedule = due("cron(0 * * * ? *)");
    expect(schedule.inMs()).toBe(HOUR);
    jumps(5.5 * HOUR);
    expect(fires(schedule, 60)).toBe(1);
    expect(schedule.inMs()).toBe(29 * MINUTE);
  });

  it("fires at the next hour that the clock shows after it went back", () => {
    const schedule = due("cron(0 * * * ? *)");
    jumps(-2.5 * HOUR);
    expect(schedule.inMs()).toBe(HOUR / 2);
    expect(fires(schedule, 2 * 3_600)).toBe(2);
  });
});

describe("a single time", () => {
  it("fires once, and not again when the clock goes back, after a restart either", () => {
    const schedule = due("at(2026-11-23T13:00:00)");
    expect(fires(schedule, 2 * 3_600)).toBe(1);
    jumps(-3 * HOUR);
    expect(fires(schedule, 4 * 3_600)).toBe(0);
    jumps(-4 * HOUR);
    expect(due("at(2026-11-23T13:00:00)", NOON + HOUR).inMs()).toBeUndefined();
    expect(due("at(2026-11-24T13:00:00)", NOON + HOUR).inMs()).toBeGreaterThan(0);
  });

  it("fires once when a jump ahead passed over it", () => {
    const schedule = due("at(2026-11-23T13:00:00)");
    jumps(48 * HOUR);
    expect(fires(schedule, 60)).toBe(1);
  });

  it("may be further away than any timer runs", () => {
    expect(due("at(2027-11-23T12:00:00)").inMs()).toBe(365 * 24 * HOUR);
  });
});
