import * as E from "fp-ts/Either";
import { parseSchedule } from "../../../../local/services/scheduler/schedule-expression";

const next = (expression: string, after: string, timeZone?: string): string => {
  const parsed = parseSchedule(expression, timeZone);
  if (E.isLeft(parsed)) return parsed.left;
  return parsed.right.next(new Date(after))?.toISOString() ?? "never";
};

describe("schedule expressions", () => {
  it.each([
    ["rate(10 seconds)", "2026-11-23T12:00:00Z", undefined, "2026-11-23T12:00:10.000Z"],
    ["rate(1 minute)", "2026-11-23T12:00:05Z", undefined, "2026-11-23T12:01:05.000Z"],
    ["rate(2 days)", "2026-11-23T12:00:00Z", undefined, "2026-11-25T12:00:00.000Z"],
    ["cron(0 6 * * ? *)", "2026-11-23T12:00:00Z", "Europe/Berlin", "2026-11-24T05:00:00.000Z"],
    ["cron(0 6 * * ? *)", "2026-07-23T12:00:00Z", "Europe/Berlin", "2026-07-24T04:00:00.000Z"],
    ["cron(30 8 ? * 1 *)", "2026-11-23T12:00:00Z", undefined, "2026-11-29T08:30:00.000Z"],
    ["cron(0/15 * ? * MON-FRI *)", "2026-11-21T12:00:00Z", undefined, "2026-11-23T00:00:00.000Z"],
    ["cron(0 0 L * ? 2027)", "2026-11-21T12:00:00Z", undefined, "2027-01-31T00:00:00.000Z"],
    ["at(2026-12-01T08:00:00)", "2026-11-23T12:00:00Z", "Europe/Berlin", "2026-12-01T07:00:00.000Z"],
    ["at(2020-01-01T00:00:00)", "2026-11-23T12:00:00Z", undefined, "never"],
    [
      "rate(0 minutes)",
      "2026-11-23T12:00:00Z",
      undefined,
      "rate(0 minutes): expected rate(<number> seconds|minutes|hours|days)",
    ],
    [
      "cron(* * * * *)",
      "2026-11-23T12:00:00Z",
      undefined,
      "cron(* * * * *): expected cron(<minutes> <hours> <day> <month> <weekday> <year>)",
    ],
    ["daily", "2026-11-23T12:00:00Z", undefined, "daily: expected rate(…), cron(…) or at(…)"],
  ])("%s after %s", (expression, after, timeZone, expected) => {
    expect(next(expression, after, timeZone)).toBe(expected);
  });
});
