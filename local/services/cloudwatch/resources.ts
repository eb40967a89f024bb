import * as t from "io-ts";
import { arn } from "../../engine/location";
import { STATISTICS } from "../../engine/metrics";
import { block, flag, many, number, one, oneOf } from "../../engine/stack/block";
import { entry } from "../../engine/stack/resource-type";
import type { COMPARISONS } from "./alarm-state";
import { ALARM_NAME } from "./limits";

const statistic = oneOf(...STATISTICS);
const dimensions = t.record(t.string, t.string);
const arns = t.readonlyArray(t.string);

const query = block(
  { id: t.string },
  {
    expression: t.string,
    return_data: flag,
    label: t.string,
    metric: one(
      block(
        { namespace: t.string, metric_name: t.string, stat: statistic, period: number },
        { dimensions, unit: t.string },
      ),
    ),
  },
);

/** Alarms. */
export const resources = {
  aws_cloudwatch_metric_alarm: entry(
    block(
      {
        alarm_name: ALARM_NAME,
        comparison_operator: oneOf(
          "GreaterThanThreshold",
          "GreaterThanOrEqualToThreshold",
          "LessThanThreshold",
          "LessThanOrEqualToThreshold",
        ) satisfies t.Type<keyof typeof COMPARISONS, unknown>,
        evaluation_periods: number,
        threshold: number,
      },
      {
        alarm_description: t.string,
        datapoints_to_alarm: number,
        treat_missing_data: oneOf("breaching", "notBreaching", "ignore", "missing"),
        namespace: t.string,
        metric_name: t.string,
        dimensions,
        statistic,
        period: number,
        metric_query: many(query),
        actions_enabled: flag,
        alarm_actions: arns,
        ok_actions: arns,
        insufficient_data_actions: arns,
      },
    ),
    { unit: "a metric has one unit here" },
    ({ config }, deployment) => ({
      id: config.alarm_name,
      arn: arn("cloudwatch", deployment, `alarm:${config.alarm_name}`),
    }),
  ),
};
