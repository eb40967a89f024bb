import * as E from "fp-ts/Either";
import { longestPauseMinutes, parseScheduleExpression } from "../../lib/schedule-expression";

const refusal = (expression: string): string | undefined => {
  const parsed = parseScheduleExpression(expression);
  return E.isLeft(parsed) ? parsed.left : undefined;
};

describe("a schedule expression that EventBridge Scheduler takes is taken:", () => {
  it.each([
    "rate(1 minute)",
    "rate(5 minutes)",
    "rate(12 hours)",
    "rate(1 day)",
    "at(2026-11-25T08:00:00)",
    "at(2028-02-29T23:59:59)",
    "cron(0/10 8 * * ? *)",
    "cron(0 8 1 * ? *)",
    "cron(15 10 ? * MON-FRI *)",
    "cron(15 10 ? * 6L 2026-2030)",
    "cron(0 10 ? * 3#2 *)",
    "cron(0 18 L * ? *)",
    "cron(0 18 3W * ? *)",
    "cron(*/5 8-17 ? JAN,MAR,JUN-AUG 2-6 *)",
    "cron(0 0 1/7 1/3 ? 2026/2)",
    "cron(5,35 14 * * ? *)",
  ])("%s", (expression) => {
    expect(refusal(expression)).toBeUndefined();
  });
});

describe("a schedule expression that EventBridge Scheduler refuses is refused:", () => {
  it.each<[string, string, string]>([
    ["no expression at all", "every day", "rate("],
    ["a rate in seconds", "rate(30 seconds)", "rate("],
    ["a rate of nothing", "rate(0 minutes)", "rate("],
    ["a rate of a fraction", "rate(1.5 hours)", "rate("],
    ["one in the plural", "rate(1 minutes)", "rate("],
    ["many in the singular", "rate(5 minute)", "rate("],
    ["a rate with two blanks", "rate(5  minutes)", "rate("],
    ["a day that does not exist", "at(2027-02-29T08:00:00)", "at("],
    ["a time with a zone of its own", "at(2026-11-25T08:00:00Z)", "at("],
    ["an hour that does not exist", "at(2026-11-25T24:00:00)", "at("],
    ["five fields, as Unix has them", "cron(0 8 * * ?)", "cron(<minutes>"],
    ["seven fields, as Quartz has them", "cron(0 0 8 * * ? *)", "cron(<minutes>"],
    ["two blanks between fields", "cron(0  8 * * ?)", "cron(<minutes>"],
    ["both days", "cron(0 8 1 * MON *)", "?"],
    ["both days, one of them any", "cron(0 8 * * * *)", "?"],
    ["no day", "cron(0 8 ? * ? *)", "?"],
    ["? for something other than a day", "cron(0 ? * * ? *)", "hours of 0 to 23"],
    ["minute 60", "cron(60 8 * * ? *)", "minutes of 0 to 59"],
    ["hour 24", "cron(0 24 * * ? *)", "hours of 0 to 23"],
    ["day 0", "cron(0 8 0 * ? *)", "day of month of 1 to 31"],
    ["day 32 nearest to a weekday", "cron(0 8 32W * ? *)", "day of month of 1 to 31"],
    ["month 13", "cron(0 8 1 13 ? *)", "month of 1 to 12 or JAN to DEC"],
    ["a month by its whole name", "cron(0 8 1 JUNE ? *)", "month of 1 to 12"],
    ["Sunday as 0", "cron(0 8 ? * 0 *)", "day of week of 1 to 7 or SUN to SAT"],
    ["increments of weekdays", "cron(0 8 ? * 2/2 *)", "day of week"],
    ["a sixth Monday", "cron(0 8 ? * 2#6 *)", "day of week"],
    ["two weekdays by their number", "cron(0 8 ? * 2#1,6#3 *)", "day of week"],
    ["the last day among others", "cron(0 8 L,15 * ? *)", "day of month"],
    ["a year before 1970", "cron(0 8 * * ? 1969)", "year of 1970 to 2199"],
    ["an increment of nothing", "cron(0/0 8 * * ? *)", "minutes"],
    ["an increment longer than the field", "cron(0/60 8 * * ? *)", "minutes"],
    ["a range that ends before it begins", "cron(0 18-8 * * ? *)", "hours"],
    ["an empty element", "cron(0, 8 * * ? *)", "minutes"],
    ["more than 256 characters", `cron(${"0,".repeat(130)}0 8 * * ? *)`, "256"],
  ])("%s", (_, expression, expected) => {
    expect(refusal(expression)).toContain(expected);
  });
});

describe("the longest pause of a schedule", () => {
  it.each<[string, number | undefined]>([
    ["rate(5 minutes)", 5],
    ["rate(2 days)", 2_880],
    // From 08:50 to 08:00 of the next day.
    ["cron(0/10 8 * * ? *)", 1_390],
    ["cron(0 6,18 * * ? *)", 720],
    ["cron(30 8 ? * * *)", 1_440],
    ["cron(0 8 ? * MON-FRI *)", undefined],
    ["at(2026-11-25T08:00:00)", undefined],
  ])("of %s is %s minutes", (expression, minutes) => {
    const parsed = parseScheduleExpression(expression);
    expect(E.isRight(parsed) ? longestPauseMinutes(parsed.right) : parsed.left).toBe(minutes);
  });
});
