import * as E from "fp-ts/Either";
import type { Metric, Metrics, Statistic } from "../../engine/metrics";
import { StartError } from "../../start-error";
import type { ConfigOf, Declared } from "../catalog";
import { metricMath } from "./metric-math";
import type { resources } from "./resources";

export type DeclaredAlarm = Declared<ConfigOf<typeof resources.aws_cloudwatch_metric_alarm>>;

/** The value that an alarm looks at, over a time in epoch milliseconds; undefined where there is no data. */
export type Observed = {
  readonly periodSeconds: number;
  readonly value: (from: number, to: number) => number | undefined;
};

/** Whether anything here counts a metric; AWS's own namespaces hold what the services of the platform count. */
export type IsMeasured = (metric: Metric) => boolean;

const metricOf = (
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, string>> | undefined,
): Metric => ({ namespace, name, dimensions: dimensions ?? {} });

/** What an alarm's metric or its expression of several gives. One that nothing here counts is a StartError. */
export const observedBy = (
  { address, config }: DeclaredAlarm,
  metrics: Metrics,
  isMeasured: IsMeasured,
): Observed => {
  const refuse = (what: string): never => {
    throw new StartError(`${address}: ${what}`);
  };
  const observe =
    (metric: Metric, statistic: Statistic): Observed["value"] =>
    (from, to) =>
      metrics.statistic(metric, statistic, from, to);
  const measured = (metric: Metric): Metric =>
    isMeasured(metric)
      ? metric
      : refuse(`the local platform does not count ${metric.namespace} ${metric.name}`);

  const { namespace, metric_name, statistic, period, metric_query: queries = [] } = config;
  if (queries.length === 0) {
    if (
      namespace === undefined ||
      metric_name === undefined ||
      statistic === undefined ||
      period === undefined
    )
      return refuse("namespace, metric_name, statistic and period, or metric_query: expected one of both");
    return {
      periodSeconds: period,
      value: observe(measured(metricOf(namespace, metric_name, config.dimensions)), statistic),
    };
  }
  const values = new Map<string, Observed["value"]>();
  let periodSeconds = 0;
  for (const { id, metric } of queries) {
    if (metric === undefined) continue;
    periodSeconds = Math.max(periodSeconds, metric.period);
    values.set(
      id,
      observe(measured(metricOf(metric.namespace, metric.metric_name, metric.dimensions)), metric.stat),
    );
  }
  const returned = queries.filter(({ return_data }) => return_data === true);
  const [one] = returned;
  if (one === undefined || returned.length > 1) return refuse("metric_query: expected one with return_data");
  const { id, expression } = one;
  if (expression === undefined) return { periodSeconds, value: values.get(id) ?? (() => undefined) };
  const compiled = metricMath(expression, new Set(values.keys()));
  if (E.isLeft(compiled)) return refuse(`metric_query ${id}: ${compiled.left}`);
  return {
    periodSeconds,
    value: (from, to) => compiled.right(new Map([...values].map(([key, value]) => [key, value(from, to)]))),
  };
};
