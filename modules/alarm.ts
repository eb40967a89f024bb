import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { Topic } from "./topic";

/** What is counted or measured, where, over which minutes. */
export type Metric = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: "Sum" | "Maximum";
};

export type AlarmProps = {
  readonly name: string;
  /** What it means and what to do: the text a person gets at night. */
  readonly description: string;
  readonly metric: Metric;
  /** Alarms above it. */
  readonly threshold: number;
  readonly periodSeconds?: 60 | 300;
  readonly topic: Topic;
};

/** Tells a topic when a metric goes above its threshold, and when it is back. No data is good news. */
export class Alarm extends Construct {
  constructor(scope: Construct, id: string, props: AlarmProps) {
    super(scope, id);
    const { name, description, metric, threshold, periodSeconds = 60, topic } = props;
    new CloudwatchMetricAlarm(this, "this", {
      alarmName: name,
      alarmDescription: description,
      namespace: metric.namespace,
      metricName: metric.name,
      dimensions: metric.dimensions,
      statistic: metric.statistic,
      period: periodSeconds,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold,
      treatMissingData: "notBreaching",
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    });
  }
}

export const queueDepth = (queueName: string): Metric => ({
  namespace: "AWS/SQS",
  name: "ApproximateNumberOfMessagesVisible",
  dimensions: { QueueName: queueName },
  statistic: "Maximum",
});

/** Seconds the oldest message has been waiting. */
export const queueAge = (queueName: string): Metric => ({
  ...queueDepth(queueName),
  name: "ApproximateAgeOfOldestMessage",
});

export const functionErrors = (functionName: string): Metric => ({
  namespace: "AWS/Lambda",
  name: "Errors",
  dimensions: { FunctionName: functionName },
  statistic: "Sum",
});

export const functionThrottles = (functionName: string): Metric => ({
  ...functionErrors(functionName),
  name: "Throttles",
});

export const executionsFailed = (stateMachineArn: string): Metric => ({
  namespace: "AWS/States",
  name: "ExecutionsFailed",
  dimensions: { StateMachineArn: stateMachineArn },
  statistic: "Sum",
});

export const executionsTimedOut = (stateMachineArn: string): Metric => ({
  ...executionsFailed(stateMachineArn),
  name: "ExecutionsTimedOut",
});

export const apiServerErrors = (apiId: string): Metric => ({
  namespace: "AWS/ApiGateway",
  name: "5xx",
  dimensions: { ApiId: apiId },
  statistic: "Sum",
});
