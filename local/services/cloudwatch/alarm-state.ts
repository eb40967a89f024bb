/** When an alarm rings, by CloudWatch's rules. */

export const ALARM_STATES = ["OK", "ALARM", "INSUFFICIENT_DATA"] as const;
export type AlarmState = (typeof ALARM_STATES)[number];

export const COMPARISONS = {
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
} as const;

export type Condition = {
  readonly comparison: keyof typeof COMPARISONS;
  readonly threshold: number;
  readonly evaluationPeriods: number;
  /** How many of those periods must breach the threshold. */
  readonly datapointsToAlarm: number;
  readonly missing: "breaching" | "notBreaching" | "ignore" | "missing";
};

/** A period's value; undefined where there is no data, `before` where nothing could have been counted yet. */
export type Point = number | undefined | "before";

/** What a state follows from: periods that have a value, the newest first, and how many stood in without one. */
export type Evaluation = {
  readonly state: AlarmState;
  readonly values: ReadonlyArray<{ readonly value: number; readonly period: number }>;
  readonly filled: number;
};

/**
 * Periods looked at beyond those evaluated, in case some have no data. AWS says that it depends; its examples
 * look at five for an alarm on three.
 */
const MORE_PERIODS = 2;

export const periodsLookedAt = ({ evaluationPeriods }: Pick<Condition, "evaluationPeriods">): number =>
  evaluationPeriods + MORE_PERIODS;

export const breaches = (
  value: number,
  { comparison, threshold }: Pick<Condition, "comparison" | "threshold">,
): boolean => COMPARISONS[comparison](value, threshold);

/**
 * Looks at periods, the newest first.
 * Source: AWS, "Configuring how CloudWatch alarms treat missing data"; the tests have its tables.
 */
export const evaluate = (
  points: ReadonlyArray<Point>,
  condition: Condition,
  before: AlarmState,
): Evaluation => {
  const { evaluationPeriods, datapointsToAlarm, missing } = condition;
  const values = points
    .flatMap((value, period) => (typeof value === "number" ? [{ value, period }] : []))
    .slice(0, evaluationPeriods);
  const breaching = values.filter(({ value }) => breaches(value, condition));
  const filled = evaluationPeriods - values.length;
  const ended = (state: AlarmState): Evaluation => ({ state, values, filled });

  if (breaching.length >= datapointsToAlarm) return ended("ALARM");
  if (filled === 0 || missing === "notBreaching") return ended("OK");
  if (missing === "breaching") {
    // Before anything could be counted, nothing was missing.
    const absent = points.filter((point) => point === undefined).length;
    return ended(breaching.length + Math.min(filled, absent) >= datapointsToAlarm ? "ALARM" : "OK");
  }
  if (values.length === 0) return ended(missing === "ignore" ? before : "INSUFFICIENT_DATA");
  // All that is known breaches, and what came last had the time to be followed by better.
  const isOld = (values.at(-1)?.period ?? 0) + 1 >= datapointsToAlarm;
  if (breaching.length < values.length || !isOld) return ended("OK");
  return ended(missing === "ignore" ? before : "ALARM");
};
