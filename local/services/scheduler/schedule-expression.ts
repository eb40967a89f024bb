import { Cron } from "croner";
import * as E from "fp-ts/Either";
import { messageOf } from "../../start-error";

/** When a schedule fires next, after a moment; never again is undefined. */
export type Occurrences = {
  readonly next: (after: Date) => Date | undefined;
  /** Of a rate: how often; it counts from when it last fired instead of from the clock. */
  readonly everyMs: number | undefined;
  /** Of a single time: that it comes once, and never again for a clock that has gone back. */
  readonly once: boolean;
};

const UNITS: Readonly<Record<string, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

const rate = (expression: string): E.Either<string, Occurrences> => {
  const [, value, unit = ""] = /^rate\((\d+) (second|minute|hour|day)s?\)$/.exec(expression) ?? [];
  const everyMs = Number(value) * (UNITS[unit] ?? NaN);
  return everyMs > 0
    ? E.right({ everyMs, once: false, next: (after) => new Date(after.getTime() + everyMs) })
    : E.left(`${expression}: expected rate(<number> seconds|minutes|hours|days)`);
};

const cron = (expression: string, timezone: string): E.Either<string, Occurrences> => {
  const fields = (/^cron\((.*)\)$/.exec(expression)?.[1] ?? "").trim().split(/\s+/);
  if (fields.length !== 6)
    return E.left(`${expression}: expected cron(<minutes> <hours> <day> <month> <weekday> <year>)`);
  return E.tryCatch(
    () => {
      // AWS has no seconds, counts weekdays from Sunday = 1, and writes 0/15 for every fifteen from 0.
      const pattern = new Cron(`0 ${fields.join(" ")}`, {
        timezone,
        paused: true,
        alternativeWeekdays: true,
        sloppyRanges: true,
      });
      return { everyMs: undefined, once: false, next: (after) => pattern.nextRun(after) ?? undefined };
    },
    (error) => `${expression}: ${messageOf(error)}`,
  );
};

const at = (expression: string, timezone: string): E.Either<string, Occurrences> => {
  const time = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression)?.[1];
  if (time === undefined) return E.left(`${expression}: expected at(yyyy-mm-ddThh:mm:ss)`);
  const once = new Cron(time, { timezone, paused: true });
  return E.right({ everyMs: undefined, once: true, next: (after) => once.nextRun(after) ?? undefined });
};

/**
 * Reads `rate(…)`, `cron(…)` or `at(…)` of EventBridge Scheduler. Rates in seconds are a convenience of the
 * local platform: AWS knows minutes and up.
 */
export const parseSchedule = (expression: string, timezone = "UTC"): E.Either<string, Occurrences> => {
  if (expression.startsWith("rate(")) return rate(expression);
  if (expression.startsWith("cron(")) return cron(expression, timezone);
  if (expression.startsWith("at(")) return at(expression, timezone);
  return E.left(`${expression}: expected rate(…), cron(…) or at(…)`);
};
