import { jumpText, steadyNow, watchClock } from "../../local/clock";
import { ageMs } from "../../local/services/sqs/reader";

describe("a clock that jumps", () => {
  const jumps: number[] = [];
  let watch: ReturnType<typeof watchClock>;
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    jumps.length = 0;
    watch = watchClock((ms) => jumps.push(ms));
  });
  afterEach(() => {
    watch.stop();
    jest.useRealTimers();
  });

  it("is told once, with how far it went", () => {
    for (const ms of [7_200_000, -10_000]) {
      jest.setSystemTime(Date.now() + ms);
      jest.advanceTimersByTime(10_000);
    }
    expect(jumps).toEqual([7_200_000, -10_000]);
  });

  it("is not told where it is put right a little at a time", () => {
    for (let second = 0; second < 60; second += 1) {
      jest.setSystemTime(Date.now() + 10);
      jest.advanceTimersByTime(1_000);
    }
    expect(jumps).toEqual([]);
  });

  it.each([
    [7_200_000, "went ahead by 2 hours, or the machine slept; schedules that were due meanwhile run once"],
    [-86_400_000, "went back by 1 day; schedules go on by what it shows now"],
    [-10_000, "went back by 10 seconds; schedules go on by what it shows now"],
  ])("is told in one line (%i ms)", (ms, text) => {
    expect(jumpText(ms)).toBe(text);
  });
});

it("a message's age is no older for a clock that has jumped ahead", () => {
  const sent = { Attributes: { SentTimestamp: String(steadyNow()) } };
  const wall = jest.spyOn(Date, "now").mockReturnValue(Date.now() + 7 * 86_400_000);
  const age = ageMs(sent);
  wall.mockRestore();
  expect(age).toBeGreaterThanOrEqual(0);
  expect(age).toBeLessThan(60_000);
});
