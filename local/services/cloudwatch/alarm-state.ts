/** When an alarm rings, by CloudWatch's rules. */

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export const COMPARISONS = {
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
} as const;

export type Condition = {
  readonly comparison: keyof typeof COMPARISONS;
  readonly threshold: number;
  /** How many of the periods looked at must breach the threshold. */
  readonly datapointsToAlarm: number;
  readonly missing: "breaching" | "notBreaching" | "ignore" | "missing";
};

/** A period's value; undefined where there is no data, `before` where nothing could have been counted yet. */
export type Datapoint = number | undefined | "before";

/**
 * The state after looking at the periods that an alarm evaluates.
 * Source: AWS, "Configuring how CloudWatch alarms treat missing data", with no periods before those evaluated.
 */
export const stateOf = (
  points: ReadonlyArray<Datapoint>,
  { comparison, threshold, datapointsToAlarm, missing }: Condition,
  before: AlarmState,
): AlarmState => {
  const isBreaching = (point: Datapoint): boolean =>
    typeof point === "number"
      ? COMPARISONS[comparison](point, threshold)
      : point === undefined && missing === "breaching";
  if (points.filter(isBreaching).length >= datapointsToAlarm) return "ALARM";
  if (missing === "ignore" && points.includes(undefined)) return before;
  return missing === "missing" && !points.some((point) => typeof point === "number")
    ? "INSUFFICIENT_DATA"
    : "OK";
};
