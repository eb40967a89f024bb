import type { Activity } from "../../activity";
import type { Client } from "../../engine/gateway/client";
import { type Metrics, RESOLUTION_MS } from "../../engine/metrics";
import type { Location } from "../../engine/location";
import { messageOf, StartError } from "../../start-error";
import { askSns } from "../sns/request";
import { type AlarmState, type Condition, evaluate, periodsLookedAt } from "./alarm-state";
import { type Change, messageFor, reasonOf } from "./message";
import { type DeclaredAlarm, type IsMeasured, type Observed, observedBy } from "./points";

export type Alarm = {
  readonly declared: DeclaredAlarm;
  readonly observed: Observed;
  readonly condition: Condition;
  readonly createdAt: number;
  /** The newest first. */
  readonly changes: Change[];
};

/** As many changes of an alarm as are told of it. */
const MOST_CHANGES = 100;

export const stateOf = ({ changes }: Alarm): AlarmState => changes[0]?.to ?? "INSUFFICIENT_DATA";

const actionsOf = ({ declared: { config } }: Alarm, state: AlarmState): ReadonlyArray<string> => {
  if (config.actions_enabled === false) return [];
  const { alarm_actions = [], ok_actions = [], insufficient_data_actions = [] } = config;
  return { ALARM: alarm_actions, OK: ok_actions, INSUFFICIENT_DATA: insufficient_data_actions }[state];
};

const readAlarm = (
  declared: DeclaredAlarm,
  { metrics, isMeasured }: Parts,
): Omit<Alarm, "createdAt" | "changes"> => {
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
      evaluationPeriods: config.evaluation_periods,
      datapointsToAlarm: config.datapoints_to_alarm ?? config.evaluation_periods,
      missing: config.treat_missing_data ?? "missing",
    },
  };
};

type Parts = {
  readonly metrics: Metrics;
  readonly isMeasured: IsMeasured;
  readonly client: Client;
  readonly deployment: Location;
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
  const startedAt = now();
  const created = "Unchecked: Initial alarm creation";
  const alarms = declared.map((one): Alarm => ({
    ...readAlarm(one, parts),
    createdAt: startedAt,
    changes: [{ from: "INSUFFICIENT_DATA", to: "INSUFFICIENT_DATA", reason: created, at: startedAt }],
  }));

  const tell = async ({ declared, condition }: Alarm, change: Change, topic: string): Promise<void> => {
    const { config, attribute } = declared;
    const caller = {
      kind: "service",
      principal: "cloudwatch.amazonaws.com",
      sourceArn: attribute("arn"),
    } as const;
    await askSns(client, caller, "Publish", {
      TopicArn: topic,
      Subject: `${change.to}: "${config.alarm_name}"`.slice(0, 100),
      Message: messageFor(declared, condition, change, deployment),
    });
  };

  /** Sets an alarm's state; a state that it has already is nothing new. */
  const set = async (alarm: Alarm, to: AlarmState, reason: string): Promise<void> => {
    const from = stateOf(alarm);
    if (to === from) return;
    const change = { from, to, reason, at: now() };
    alarm.changes.unshift(change);
    alarm.changes.splice(MOST_CHANGES);
    const { alarm_name: name } = alarm.declared.config;
    if (to === "ALARM") activity.alarm(name, `rings. ${reason}`);
    if (from === "ALARM") activity.alarm(name, `is over. ${reason}`);
    for (const topic of actionsOf(alarm, to))
      await tell(alarm, change, topic).catch((error: unknown) => activity.complaint(name, messageOf(error)));
  };

  const evaluateOne = (alarm: Alarm, end: number): Promise<void> => {
    const { observed, condition } = alarm;
    const period = observed.periodSeconds * 1_000;
    const startOf = (index: number): number => end - (index + 1) * period;
    const points = Array.from({ length: periodsLookedAt(condition) }, (_, index) => {
      const from = startOf(index);
      return observed.value(from, from + period) ?? (from < startedAt ? "before" : undefined);
    });
    const evaluation = evaluate(points, condition, stateOf(alarm));
    return set(alarm, evaluation.state, reasonOf(evaluation, condition, startOf));
  };

  let timer: NodeJS.Timeout | undefined;
  const evaluateAll = async (): Promise<void> => {
    try {
      metrics.sample();
    } catch (error) {
      activity.complaint("alarms", messageOf(error));
    }
    const end = Math.floor(now() / RESOLUTION_MS + 1) * RESOLUTION_MS;
    for (const alarm of alarms) await evaluateOne(alarm, end);
  };

  return {
    all: alarms,
    set,
    /** @returns once everyone was told whom it concerns */
    evaluate: evaluateAll,
    start: () => {
      timer = setInterval(() => void evaluateAll(), RESOLUTION_MS).unref();
    },
    stop: () => clearInterval(timer),
  };
};

export type Alarms = ReturnType<typeof declaredAlarms>;
