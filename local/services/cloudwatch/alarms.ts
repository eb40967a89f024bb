import type { Activity } from "../../activity";
import type { Client } from "../../engine/gateway/client";
import { type Metrics, RESOLUTION_MS } from "../../engine/metrics";
import type { Deployment } from "../../engine/stack/resource-type";
import { messageOf, StartError } from "../../start-error";
import { askSns } from "../sns/request";
import { type AlarmState, type Condition, type Datapoint, stateOf } from "./alarm-state";
import { type DeclaredAlarm, type IsMeasured, type Observed, observedBy } from "./points";

type Alarm = {
  readonly declared: DeclaredAlarm;
  readonly observed: Observed;
  readonly condition: Condition;
  state: AlarmState;
};

const shown = (points: ReadonlyArray<Datapoint>): string =>
  points
    .map((point) => (typeof point === "number" ? String(Number(point.toFixed(2))) : "no data"))
    .join(", ");

/** Why, in the manner of CloudWatch. */
const reasonOf = (
  state: AlarmState,
  { threshold, comparison }: Condition,
  points: ReadonlyArray<Datapoint>,
): string =>
  state === "ALARM"
    ? `Threshold Crossed: ${comparison} ${threshold}, of [${shown(points)}]`
    : `Not ${comparison} ${threshold} any more: [${shown(points)}]`;

/** What CloudWatch sends to a topic, as far as people and programs read it. */
const messageFor = (
  { declared: { config, attribute } }: Alarm,
  { account, region }: Deployment,
  change: { readonly from: AlarmState; readonly to: AlarmState; readonly reason: string; readonly at: Date },
): string =>
  JSON.stringify({
    AlarmName: config.alarm_name,
    AlarmDescription: config.alarm_description ?? null,
    AWSAccountId: account,
    NewStateValue: change.to,
    NewStateReason: change.reason,
    StateChangeTime: change.at.toISOString().replace("Z", "+0000"),
    Region: region,
    AlarmArn: attribute("arn"),
    OldStateValue: change.from,
    OKActions: config.ok_actions ?? [],
    AlarmActions: config.alarm_actions ?? [],
    InsufficientDataActions: config.insufficient_data_actions ?? [],
    Trigger: {
      ComparisonOperator: config.comparison_operator,
      EvaluationPeriods: config.evaluation_periods,
      Threshold: config.threshold,
      ...(config.metric_name === undefined
        ? {}
        : { MetricName: config.metric_name, Namespace: config.namespace, Period: config.period }),
    },
  });

const actionsOf = ({ declared: { config } }: Alarm, state: AlarmState): ReadonlyArray<string> => {
  if (config.actions_enabled === false) return [];
  const { alarm_actions = [], ok_actions = [], insufficient_data_actions = [] } = config;
  return { ALARM: alarm_actions, OK: ok_actions, INSUFFICIENT_DATA: insufficient_data_actions }[state];
};

const readAlarm = (declared: DeclaredAlarm, metrics: Metrics, isMeasured: IsMeasured): Alarm => {
  const { address, config } = declared;
  const odd = [config.alarm_actions, config.ok_actions, config.insufficient_data_actions]
    .flatMap((actions) => actions ?? [])
    .find((action) => !action.startsWith("arn:aws:sns:"));
  if (odd !== undefined) throw new StartError(`${address}: the local platform tells topics only, not ${odd}`);
  return {
    declared,
    observed: observedBy(declared, metrics, isMeasured),
    condition: {
      comparison: config.comparison_operator,
      threshold: config.threshold,
      datapointsToAlarm: config.datapoints_to_alarm ?? config.evaluation_periods,
      missing: config.treat_missing_data ?? "missing",
    },
    state: "INSUFFICIENT_DATA",
  };
};

type Parts = {
  readonly metrics: Metrics;
  readonly isMeasured: IsMeasured;
  readonly client: Client;
  readonly deployment: Deployment;
  readonly activity: Activity;
  /** Epoch milliseconds, of a clock that does not jump. */
  readonly now: () => number;
};

/**
 * The declared alarms: what each looks at is evaluated every ten seconds, by periods that end then. Nothing
 * was counted before the platform started, and an alarm on silence waits until it has been silent since.
 */
export const declaredAlarms = (declared: ReadonlyArray<DeclaredAlarm>, parts: Parts) => {
  const { metrics, client, deployment, activity, now } = parts;
  const alarms = declared.map((one) => readAlarm(one, metrics, parts.isMeasured));
  const startedAt = now();

  const pointsOf = ({ declared: { config }, observed }: Alarm, end: number): ReadonlyArray<Datapoint> => {
    const period = observed.periodSeconds * 1_000;
    return Array.from({ length: config.evaluation_periods }, (_, index) => {
      const from = end - (index + 1) * period;
      return observed.value(from, from + period) ?? (from < startedAt ? "before" : undefined);
    });
  };

  const tell = async (alarm: Alarm, from: AlarmState, reason: string): Promise<void> => {
    const { config, attribute } = alarm.declared;
    const message = messageFor(alarm, deployment, { from, to: alarm.state, reason, at: new Date() });
    const caller = {
      kind: "service",
      principal: "cloudwatch.amazonaws.com",
      sourceArn: attribute("arn"),
    } as const;
    for (const TopicArn of actionsOf(alarm, alarm.state))
      await askSns(client, caller, "Publish", {
        TopicArn,
        Subject: `${alarm.state}: "${config.alarm_name}"`.slice(0, 100),
        Message: message,
      });
  };

  /** @returns once everyone was told whom it concerns */
  const evaluate = async (): Promise<void> => {
    metrics.sample();
    const end = Math.floor(now() / RESOLUTION_MS + 1) * RESOLUTION_MS;
    for (const alarm of alarms) {
      const before = alarm.state;
      const points = pointsOf(alarm, end);
      alarm.state = stateOf(points, alarm.condition, before);
      if (alarm.state === before) continue;
      const reason = reasonOf(alarm.state, alarm.condition, points);
      const { alarm_name: name } = alarm.declared.config;
      if (alarm.state === "ALARM") activity.alarm(name, `rings. ${reason}`);
      if (before === "ALARM") activity.alarm(name, `is over. ${reason}`);
      await tell(alarm, before, reason).catch((error: unknown) => activity.complaint(name, messageOf(error)));
    }
  };

  let timer: NodeJS.Timeout | undefined;
  return {
    evaluate,
    start: () => {
      timer = setInterval(() => void evaluate(), RESOLUTION_MS).unref();
    },
    stop: () => clearInterval(timer),
  };
};
