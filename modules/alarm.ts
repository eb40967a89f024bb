import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { BodyFilter, Topic } from "./topic";

/** What is counted or measured, and where. */
export type Metric = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: "Sum" | "Maximum";
};

/** The condition that raises it. */
export type Symptom =
  /** A metric above its threshold in one minute. No data is good news. */
  | { readonly type: "above"; readonly metric: Metric; readonly threshold: number }
  /** More than so many percent, in three minutes of five, of a count that is worth a percentage. */
  | {
      readonly type: "share";
      readonly of: Metric;
      readonly among: Metric;
      readonly percent: number;
      readonly atLeast: number;
    }
  /** Nothing counted for so long. No data is the bad news. */
  | { readonly type: "silence"; readonly metric: Metric; readonly minutes: number };

export type AlarmProps = {
  readonly name: string;
  /** What it means and what to do: the text a person gets at night. */
  readonly description: string;
  readonly symptom: Symptom;
  /** The topic it notifies. */
  readonly topic: Topic;
};

const FIVE_MINUTES = 300;

type Settings = Partial<ConstructorParameters<typeof CloudwatchMetricAlarm>[2]>;

const single = ({ namespace, name, dimensions, statistic }: Metric): Settings => ({
  namespace,
  metricName: name,
  dimensions,
  statistic,
});

const query = (id: string, { namespace, name, dimensions, statistic }: Metric) => ({
  id,
  metric: { namespace, metricName: name, dimensions, stat: statistic, period: 60 },
});

const settingsOf = (symptom: Symptom): Settings => {
  switch (symptom.type) {
    case "above":
      return {
        ...single(symptom.metric),
        period: 60,
        comparisonOperator: "GreaterThanThreshold",
        threshold: symptom.threshold,
        treatMissingData: "notBreaching",
      };
    case "share":
      return {
        metricQuery: [
          query("failed", symptom.of),
          query("asked", symptom.among),
          {
            id: "share",
            label: "percent",
            expression: `IF(asked >= ${symptom.atLeast}, 100 * failed / asked, 0)`,
            returnData: true,
          },
        ],
        evaluationPeriods: 5,
        datapointsToAlarm: 3,
        comparisonOperator: "GreaterThanThreshold",
        threshold: symptom.percent,
        treatMissingData: "notBreaching",
      };
    case "silence": {
      // What an alarm looks back on is a day in minutes, or a week in hours.
      const period = symptom.minutes <= 1_440 ? FIVE_MINUTES : 3_600;
      return {
        ...single(symptom.metric),
        period,
        evaluationPeriods: Math.ceil((symptom.minutes * 60) / period),
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
        treatMissingData: "breaching",
      };
    }
  }
};

/** As CloudWatch reports an alarm: raised, or raised and over. Not its first evaluation. */
export const RANG: BodyFilter = {
  $or: [{ NewStateValue: ["ALARM"] }, { OldStateValue: ["ALARM"], NewStateValue: ["OK"] }],
};

/** Notifies a topic when something is wrong, and when it is over. */
export class Alarm extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, { name, description, symptom, topic }: AlarmProps) {
    super(scope, id);
    this.name = new CloudwatchMetricAlarm(this, "this", {
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      ...settingsOf(symptom),
      alarmName: name,
      alarmDescription: description,
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    }).alarmName;
  }
}

/** A metric of the resource that a dimension names. */
const metricOf =
  (namespace: string, dimension: string, statistic: Metric["statistic"]) =>
  (name: string) =>
  (resource: string): Metric => ({ namespace, name, dimensions: { [dimension]: resource }, statistic });

const ofQueue = metricOf("AWS/SQS", "QueueName", "Maximum");
const ofApi = metricOf("AWS/ApiGateway", "ApiId", "Sum");

export const queueDepth = ofQueue("ApproximateNumberOfMessagesVisible");
/** Seconds the oldest message has been waiting. */
export const queueAge = ofQueue("ApproximateAgeOfOldestMessage");
/** How old the newest record was that a function was given of a stream, in milliseconds. */
export const followerAge = metricOf("AWS/Lambda", "FunctionName", "Maximum")("IteratorAge");
export const executionsSucceeded = metricOf("AWS/States", "StateMachineArn", "Sum")("ExecutionsSucceeded");
export const apiRequests = ofApi("Count");
export const apiServerErrors = ofApi("5xx");
