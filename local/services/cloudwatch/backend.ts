import * as E from "fp-ts/Either";
import * as t from "io-ts";
import type { Backend } from "../../engine/gateway/call";
import { AwsError, jsonAnswer } from "../../engine/gateway/errors";
import { isPercentile, type Metrics, RESOLUTION_MS, STATISTICS } from "../../engine/metrics";
import { firstFault, number, oneOf } from "../../engine/stack/block";
import { formBody } from "../../engine/wire/access";
import { formFields, queryAnswer, xmlOf } from "../../engine/wire/query";
import { type Json, type JsonObject, parseJson } from "../../json";
import { ALARM_STATES } from "./alarm-state";
import { type Alarm, type Alarms, stateOf } from "./alarms";
import { queriesOf } from "./message";

const refuse = (code: string, message: string, status = 400): never => {
  throw new AwsError(code, message, status);
};

/** Times are in seconds on the wire. */
const seconds = (ms: number): number => ms / 1_000;

/** A time in milliseconds: in JSON a number of seconds, in a form a text. */
const time: t.Type<number, unknown> = new t.Type(
  "a time",
  t.number.is,
  (input, context) => {
    const ms = typeof input === "number" ? input * 1_000 : Date.parse(String(input));
    return Number.isFinite(ms) ? t.success(ms) : t.failure(input, context, "a time");
  },
  t.identity,
);

/** More are refused by CloudWatch, too. */
const MOST_DATAPOINTS = 1_440;

const dimensionsOf = (dimensions: Readonly<Record<string, string>> = {}) =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));

const shown = (alarm: Alarm): JsonObject => {
  const { declared, condition, changes } = alarm;
  const { config, attribute } = declared;
  const changedAt = seconds(changes[0]?.at ?? 0);
  return {
    AlarmName: config.alarm_name,
    AlarmArn: attribute("arn"),
    ...(config.alarm_description === undefined ? {} : { AlarmDescription: config.alarm_description }),
    AlarmConfigurationUpdatedTimestamp: seconds(alarm.createdAt),
    ActionsEnabled: config.actions_enabled ?? true,
    OKActions: config.ok_actions ?? [],
    AlarmActions: config.alarm_actions ?? [],
    InsufficientDataActions: config.insufficient_data_actions ?? [],
    StateValue: stateOf(alarm),
    StateReason: changes[0]?.reason ?? "",
    StateUpdatedTimestamp: changedAt,
    StateTransitionedTimestamp: changedAt,
    ...(config.metric_query === undefined
      ? {
          Namespace: config.namespace ?? "",
          MetricName: config.metric_name ?? "",
          Dimensions: dimensionsOf(config.dimensions),
          Statistic: config.statistic ?? "",
          Period: config.period ?? 0,
        }
      : { Dimensions: [], Metrics: queriesOf(config.metric_query, dimensionsOf) }),
    EvaluationPeriods: condition.evaluationPeriods,
    DatapointsToAlarm: condition.datapointsToAlarm,
    Threshold: condition.threshold,
    ComparisonOperator: condition.comparison,
    TreatMissingData: condition.missing,
  };
};

const state = oneOf(...ALARM_STATES);

const Wanted = t.partial({
  AlarmNames: t.readonlyArray(t.string),
  AlarmNamePrefix: t.string,
  AlarmTypes: t.readonlyArray(t.string),
  StateValue: state,
});
const History = t.partial({
  AlarmName: t.string,
  StartDate: time,
  EndDate: time,
  MaxRecords: number,
});
const NewState = t.type({ AlarmName: t.string, StateValue: state, StateReason: t.string });
const Listed = t.partial({
  Namespace: t.string,
  MetricName: t.string,
  Dimensions: t.readonlyArray(t.intersection([t.type({ Name: t.string }), t.partial({ Value: t.string })])),
});
const percentile = t.refinement(t.string, isPercentile, "p0 to p100");
const Statistics = t.intersection([
  t.type({
    Namespace: t.string,
    MetricName: t.string,
    StartTime: time,
    EndTime: time,
    Period: number,
  }),
  t.partial({
    Statistics: t.readonlyArray(oneOf(...STATISTICS)),
    ExtendedStatistics: t.readonlyArray(percentile),
    Dimensions: t.readonlyArray(t.type({ Name: t.string, Value: t.string })),
  }),
]);

const MAPS: ReadonlySet<string> = new Set(["ExtendedStatistics"]);

type Answer = JsonObject | Promise<JsonObject>;

const operation =
  <A>(codec: t.Type<A, unknown>, run: (input: A) => Answer) =>
  (fields: Json): Answer => {
    const input = codec.decode(fields);
    return E.isLeft(input) ? refuse("InvalidParameterValue", firstFault(input.left)) : run(input.right);
  };

/** The part of CloudWatch's API that looks at alarms and metrics, and the one that sets an alarm to try it. */
export const cloudwatchBackend = ({ all, set }: Pick<Alarms, "all" | "set">, metrics: Metrics): Backend => {
  const nameOf = ({ declared }: Alarm): string => declared.config.alarm_name;

  const operations: Readonly<Record<string, (fields: Json) => Answer>> = {
    DescribeAlarms: operation(Wanted, ({ AlarmNames, AlarmNamePrefix = "", AlarmTypes, StateValue }) => ({
      MetricAlarms: all
        .filter(
          (alarm) =>
            (AlarmNames?.includes(nameOf(alarm)) ?? true) &&
            nameOf(alarm).startsWith(AlarmNamePrefix) &&
            (AlarmTypes?.includes("MetricAlarm") ?? true) &&
            (StateValue === undefined || stateOf(alarm) === StateValue),
        )
        .map(shown),
      CompositeAlarms: [],
    })),
    DescribeAlarmHistory: operation(History, (wanted) => {
      const { AlarmName, StartDate = 0, EndDate = Number.POSITIVE_INFINITY, MaxRecords = 100 } = wanted;
      return {
        AlarmHistoryItems: all
          .filter((alarm) => AlarmName === undefined || nameOf(alarm) === AlarmName)
          .flatMap((alarm) => alarm.changes.map((change) => ({ name: nameOf(alarm), ...change })))
          .filter(({ from, to }) => from !== to)
          .filter(({ at }) => at >= StartDate && at <= EndDate)
          .sort((one, other) => other.at - one.at)
          .slice(0, MaxRecords)
          .map(({ name, from, to, reason, at }) => ({
            AlarmName: name,
            AlarmType: "MetricAlarm",
            Timestamp: seconds(at),
            HistoryItemType: "StateUpdate",
            HistorySummary: `Alarm updated from ${from} to ${to}`,
            HistoryData: JSON.stringify({
              version: "1.0",
              oldState: { stateValue: from },
              newState: { stateValue: to, stateReason: reason },
            }),
          })),
      };
    }),
    SetAlarmState: operation(NewState, async ({ AlarmName, StateValue, StateReason }) => {
      const alarm = all.find((one) => nameOf(one) === AlarmName);
      if (alarm === undefined) return refuse("ResourceNotFound", `There is no alarm ${AlarmName}`, 404);
      await set(alarm, StateValue, StateReason);
      return {};
    }),
    ListMetrics: operation(Listed, ({ Namespace, MetricName, Dimensions = [] }) => ({
      Metrics: metrics
        .all()
        .filter(
          ({ namespace, name, dimensions }) =>
            (Namespace === undefined || namespace === Namespace) &&
            (MetricName === undefined || name === MetricName) &&
            Dimensions.every(
              ({ Name, Value }) =>
                Object.hasOwn(dimensions, Name) && (Value === undefined || dimensions[Name] === Value),
            ),
        )
        .map(({ namespace, name, dimensions }) => ({
          Namespace: namespace,
          MetricName: name,
          Dimensions: dimensionsOf(dimensions),
        })),
    })),
    GetMetricStatistics: operation(Statistics, (asked) => {
      const { Namespace, MetricName, StartTime, EndTime, Period, Dimensions = [] } = asked;
      const { Statistics: plain = [], ExtendedStatistics: percentiles = [] } = asked;
      if (plain.length > 0 === percentiles.length > 0)
        return refuse(
          "InvalidParameterCombination",
          "Statistics and ExtendedStatistics: expected one of both",
        );
      const period = Period * 1_000;
      if (period <= 0 || period % RESOLUTION_MS !== 0)
        return refuse("InvalidParameterValue", "Period: expected a multiple of 10 seconds");
      const first = Math.floor(StartTime / period) * period;
      const count = Math.ceil((EndTime - first) / period);
      if (count > MOST_DATAPOINTS)
        return refuse(
          "InvalidParameterCombination",
          `You have requested up to ${count} datapoints, which exceeds the limit of ${MOST_DATAPOINTS}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
        );
      const metric = {
        namespace: Namespace,
        name: MetricName,
        dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
      };
      return {
        Label: MetricName,
        Datapoints: Array.from({ length: Math.max(0, count) }, (_, index) => first + index * period).flatMap(
          (from) => {
            const values = Object.fromEntries(
              [...plain, ...percentiles].flatMap((one) => {
                const value = metrics.statistic(metric, one, from, from + period);
                return value === undefined ? [] : [[one, value] as const];
              }),
            );
            if (Object.keys(values).length === 0) return [];
            const point = { Timestamp: seconds(from), Unit: "None" };
            return percentiles.length === 0
              ? { ...point, ...values }
              : { ...point, ExtendedStatistics: values };
          },
        ),
      };
    }),
  };

  return async ({ operation: name, headers, body, url }) => {
    const run = operations[name] ?? refuse("UnknownOperationException", name);
    if (headers["x-amz-target"] !== undefined) return jsonAnswer(await run(parseJson(body.toString()) ?? {}));
    const result = await run(formFields(formBody({ body, target: url })));
    return queryAnswer(name, "http://monitoring.amazonaws.com/doc/2010-08-01/", xmlOf(result, MAPS));
  };
};
