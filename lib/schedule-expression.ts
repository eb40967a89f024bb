/**
 * EventBridge Scheduler's `rate(…)`, `cron(…)` and `at(…)`, by every rule of its documentation ("Schedule types in
 * EventBridge Scheduler"): what the service would refuse when the schedule is made is refused here.
 */
import * as A from "fp-ts/ReadonlyArray";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";

export type ScheduleExpression =
  | { readonly _tag: "Rate"; readonly everyMinutes: number }
  | { readonly _tag: "At"; readonly time: string }
  | {
      readonly _tag: "Cron";
      readonly minutes: ReadonlySet<number>;
      readonly hours: ReadonlySet<number>;
      /** Whether it fires on each day there is. */
      readonly daily: boolean;
    };

/** A string says what was expected instead. */
type Parsed<T> = E.Either<string, T>;

const MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1_440 };

const rate = (inside: string): Parsed<ScheduleExpression> => {
  const [, digits = "", unit = "", plural] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(inside) ?? [];
  const value = Number(digits);
  return (value === 1) === (plural === "") && Number.isSafeInteger(value) && value > 0
    ? E.right({ _tag: "Rate", everyMinutes: value * (MINUTES[unit] ?? 0) })
    : E.left("rate(1 minute|hour|day) or rate(<a whole number above 1> minutes|hours|days)");
};

const at = (time: string): Parsed<ScheduleExpression> => {
  // A date that does not exist comes back from the calendar as another one.
  const date = new Date(`${time}.000Z`);
  const exists = !Number.isNaN(date.getTime()) && date.toISOString() === `${time}.000Z`;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(time) && exists
    ? E.right({ _tag: "At", time })
    : E.left("at(yyyy-mm-ddThh:mm:ss) with a time that there is");
};

type Field = {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names: ReadonlyArray<string>;
  /** Whether the field knows increments, as `0/10`. */
  readonly steps: boolean;
  /** What else an element may be. */
  readonly also: RegExp | undefined;
};

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const plain = { names: [], steps: true, also: undefined };
const FIELDS = {
  minutes: { ...plain, name: "minutes", min: 0, max: 59 },
  hours: { ...plain, name: "hours", min: 0, max: 23 },
  // The last day of the month, or the weekday nearest to a day.
  dayOfMonth: { ...plain, name: "day of month", min: 1, max: 31, also: /^(L|([1-9]|[12]\d|3[01])W)$/ },
  month: { ...plain, name: "month", min: 1, max: 12, names: MONTHS },
  // The last such weekday of the month, or its first to fifth.
  dayOfWeek: {
    name: "day of week",
    min: 1,
    max: 7,
    names: WEEKDAYS,
    steps: false,
    also: /^([1-7]?L|(SUN|MON|TUE|WED|THU|FRI|SAT)L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)#[1-5])$/,
  },
  year: { ...plain, name: "year", min: 1970, max: 2199 },
} satisfies Readonly<Record<string, Field>>;

const upTo = (from: number, to: number, step = 1): ReadonlyArray<number> =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

const valueOf = ({ min, max, names }: Field, text: string): number | undefined => {
  const named = names.indexOf(text);
  const value = named === -1 ? (/^\d{1,4}$/.test(text) ? Number(text) : NaN) : named + min;
  return value >= min && value <= max ? value : undefined;
};

/** The values of `8`, `8-10`, `*`, `0/10` or `8-18/2`; undefined for what is none of them. */
const elementOf = (field: Field, text: string): ReadonlyArray<number> | undefined => {
  const [range = "", step, ...more] = text.split("/");
  const [first = "", last, ...others] = range.split("-");
  if (more.length + others.length > 0 || (step !== undefined && !field.steps)) return undefined;
  const every = step === undefined ? 1 : /^[1-9]\d*$/.test(step) ? Number(step) : 0;
  const from = first === "*" && last === undefined ? field.min : valueOf(field, first);
  const open = first === "*" || step !== undefined;
  const to = last === undefined ? (open ? field.max : from) : valueOf(field, last);
  const sensible = every > 0 && every <= field.max && from !== undefined && to !== undefined && from <= to;
  return sensible ? upTo(from, to, every) : undefined;
};

/** No values: it says `L`, `15W`, `6#3` or the like. */
const fieldOf =
  (field: Field) =>
  (text: string): Parsed<ReadonlySet<number>> => {
    const elements = text.split(",");
    if (field.also?.test(text) === true) return E.right(new Set());
    const expected = `cron(…) with ${field.name} of ${field.min} to ${field.max}${
      field.names.length === 0 ? "" : ` or ${field.names[0] ?? ""} to ${field.names.at(-1) ?? ""}`
    }${field.steps ? ", in lists, ranges or increments" : ", in lists or ranges"}`;
    return pipe(
      elements,
      E.traverseArray((element) => E.fromNullable(`${expected}, not ${element}`)(elementOf(field, element))),
      E.map((values) => new Set(values.flat())),
    );
  };

const COUNT = "cron(<minutes> <hours> <day of month> <month> <day of week> <year>)";
const ONE_DAY = "cron(…) with ? for the day of month or the day of week, and not for both";

const cron = (inside: string): Parsed<ScheduleExpression> => {
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year, ...more] = inside.split(" ");
  if (year === undefined || year === "" || more.length > 0 || /^\s|\s\s/.test(inside)) return E.left(COUNT);
  if (
    minutes === undefined ||
    hours === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    dayOfWeek === undefined
  )
    return E.left(COUNT);
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) return E.left(ONE_DAY);
  const [day, days] =
    dayOfMonth === "?" ? [FIELDS.dayOfWeek, dayOfWeek] : ([FIELDS.dayOfMonth, dayOfMonth] as const);
  return pipe(
    E.Do,
    E.apS("minutes", fieldOf(FIELDS.minutes)(minutes)),
    E.bind("hours", () => fieldOf(FIELDS.hours)(hours)),
    E.bind("days", () => fieldOf(day)(days)),
    E.bind("months", () => fieldOf(FIELDS.month)(month)),
    E.tap(() => fieldOf(FIELDS.year)(year)),
    E.map((read) => ({
      _tag: "Cron" as const,
      minutes: read.minutes,
      hours: read.hours,
      daily: read.days.size === day.max - day.min + 1 && read.months.size === 12 && year === "*",
    })),
  );
};

const LONGEST = 256;

/** @returns what was expected instead, in the words of a fault */
export const parseScheduleExpression = (expression: string): Parsed<ScheduleExpression> => {
  const [, kind = "", inside = ""] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  if (expression.length > LONGEST) return E.left(`an expression of at most ${LONGEST} characters`);
  switch (kind) {
    case "rate":
      return rate(inside);
    case "cron":
      return cron(inside);
    case "at":
      return at(inside);
    default:
      return E.left("rate(…), cron(…) or at(…)");
  }
};

/** The longest time between two firings of an expression that fires every day; of others it cannot be told. */
export const longestPauseMinutes = (expression: ScheduleExpression): number | undefined => {
  switch (expression._tag) {
    case "Rate":
      return expression.everyMinutes;
    case "At":
      return undefined;
    case "Cron": {
      if (!expression.daily) return undefined;
      const times = [...expression.hours]
        .flatMap((hour) => [...expression.minutes].map((minute) => hour * 60 + minute))
        .toSorted((a, b) => a - b);
      const next = [...times.slice(1), (times[0] ?? 0) + 1_440];
      return Math.max(...A.zipWith(times, next, (time, following) => following - time));
    }
  }
};
