/** What CloudWatch says of a change of state: the reason, and the message that its topics get. */
import type { JsonObject } from "../../json";
import type { Location } from "../../engine/location";
import { type AlarmState, breaches, type Condition, type Evaluation } from "./alarm-state";
import type { DeclaredAlarm } from "./points";

/** As it writes numbers: `1.0`, `2.5`. */
const decimal = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
const were = (count: number): string => (count === 1 ? "was" : "were");

/** `27/11/26 07:05:00` */
const shortTime = (time: number): string =>
  new Date(time).toISOString().replace(/^\d\d(\d\d)-(\d\d)-(\d\d)T([\d:]{8}).*/, "$3/$2/$1 $4");

const COMPARED: Readonly<Record<Condition["comparison"], string>> = {
  GreaterThanThreshold: "greater than",
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
};

const TREATED: Readonly<Record<Condition["missing"], string>> = {
  breaching: "Breaching",
  notBreaching: "NonBreaching",
  ignore: "Ignored",
  missing: "Missing",
};

/** @param startOf when a period began, in epoch milliseconds; 0 is the newest */
export const reasonOf = (
  { state, values, filled }: Evaluation,
  condition: Condition,
  startOf: (period: number) => number,
): string => {
  const { comparison, threshold, evaluationPeriods, datapointsToAlarm, missing } = condition;
  if (state === "INSUFFICIENT_DATA")
    return `Insufficient Data: ${counted(filled, "datapoint")} ${were(filled)} unknown.`;
  const decided = values.filter(({ value }) => breaches(value, condition) === (state === "ALARM"));
  if (decided.length === 0)
    return (
      `Threshold Crossed: no datapoints were received for ${counted(filled, "period")} and ` +
      `${counted(filled, "missing datapoint")} ${were(filled)} treated as [${TREATED[missing]}].`
    );
  const shown = decided.map(({ value, period }) => `${decimal(value)} (${shortTime(startOf(period))})`);
  const [not, transition, needed] =
    state === "ALARM"
      ? ["", "OK -> ALARM", datapointsToAlarm]
      : ["not ", "ALARM -> OK", evaluationPeriods - datapointsToAlarm + 1];
  return (
    `Threshold Crossed: ${decided.length} out of the last ${evaluationPeriods} datapoints [${shown.join(", ")}] ` +
    `${were(decided.length)} ${not}${COMPARED[comparison]} the threshold (${decimal(threshold)}) ` +
    `(minimum ${counted(needed, "datapoint")} for ${transition} transition).`
  );
};

type Dimensions = Readonly<Record<string, string>> | undefined;

/** The metrics of an expression, and what is computed from them. */
export const queriesOf = (
  queries: NonNullable<DeclaredAlarm["config"]["metric_query"]>,
  dimensionsOf: (dimensions: Dimensions) => ReadonlyArray<JsonObject>,
) =>
  queries.map(({ id, expression, label, metric, return_data }) => ({
    Id: id,
    ...(label === undefined ? {} : { Label: label }),
    ReturnData: return_data ?? false,
    ...(expression === undefined ? {} : { Expression: expression }),
    ...(metric === undefined
      ? {}
      : {
          MetricStat: {
            Metric: {
              Namespace: metric.namespace,
              MetricName: metric.metric_name,
              Dimensions: dimensionsOf(metric.dimensions),
            },
            Period: metric.period,
            Stat: metric.stat,
          },
        }),
  }));

/** In lower case, which the API's are not. */
const dimensionsOf = (dimensions: Dimensions) =>
  Object.entries(dimensions ?? {}).map(([name, value]) => ({ value, name }));

const observed = ({ config }: DeclaredAlarm) =>
  config.metric_query === undefined
    ? {
        MetricName: config.metric_name,
        Namespace: config.namespace,
        StatisticType: "Statistic",
        Statistic: config.statistic?.toUpperCase(),
        Unit: null,
        Dimensions: dimensionsOf(config.dimensions),
        Period: config.period,
      }
    : { Metrics: queriesOf(config.metric_query, dimensionsOf) };

/** A change of an alarm's state, in epoch milliseconds. */
export type Change = {
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
  readonly at: number;
};

/** The message of SNS. */
export const messageFor = (
  declared: DeclaredAlarm,
  { evaluationPeriods, datapointsToAlarm, missing }: Condition,
  { from, to, reason, at }: Change,
  { account, region }: Location,
): string => {
  const { config, attribute } = declared;
  return JSON.stringify({
    AlarmName: config.alarm_name,
    AlarmDescription: config.alarm_description ?? null,
    AWSAccountId: account,
    NewStateValue: to,
    NewStateReason: reason,
    StateChangeTime: new Date(at).toISOString().replace("Z", "+0000"),
    Region: region,
    AlarmArn: attribute("arn"),
    OldStateValue: from,
    OKActions: config.ok_actions ?? [],
    AlarmActions: config.alarm_actions ?? [],
    InsufficientDataActions: config.insufficient_data_actions ?? [],
    Trigger: {
      ...observed(declared),
      EvaluationPeriods: evaluationPeriods,
      DatapointsToAlarm: datapointsToAlarm,
      ComparisonOperator: config.comparison_operator,
      Threshold: config.threshold,
      TreatMissingData: missing,
      EvaluateLowSampleCountPercentile: "",
    },
  });
};
