import { type Condition, evaluate, type Point } from "../../../../local/services/cloudwatch/alarm-state";
import { messageFor, reasonOf } from "../../../../local/services/cloudwatch/message";
import { resources } from "../../../../local/services/cloudwatch/resources";

const condition = (over: Partial<Condition> = {}): Condition => ({
  comparison: "GreaterThanThreshold",
  threshold: 5,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  missing: "notBreaching",
  ...over,
});

const reason = (points: ReadonlyArray<Point>, over: Partial<Condition> = {}): string =>
  reasonOf(evaluate(points, condition(over), "OK"), condition(over), (period) =>
    Date.UTC(2026, 10, 27, 7, 30 - period),
  );

describe("the reason of a change, in CloudWatch's words", () => {
  it.each<[string, ReadonlyArray<Point>, Partial<Condition>]>([
    [
      "Threshold Crossed: 2 out of the last 3 datapoints [6.5 (27/11/26 07:30:00), 7.0 (27/11/26 07:28:00)] were greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).",
      [6.5, 1, 7],
      {},
    ],
    [
      "Threshold Crossed: 3 out of the last 3 datapoints [1.0 (27/11/26 07:30:00), 2.0 (27/11/26 07:29:00), 3.0 (27/11/26 07:27:00)] were not greater than or equal to the threshold (5.0) (minimum 2 datapoints for ALARM -> OK transition).",
      [1, 2, undefined, 3],
      { comparison: "GreaterThanOrEqualToThreshold" },
    ],
    [
      "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].",
      [undefined, undefined, undefined],
      { missing: "breaching" },
    ],
    [
      "Insufficient Data: 3 datapoints were unknown.",
      [undefined, undefined, undefined],
      { missing: "missing" },
    ],
  ])("is %s", (expected, points, over) => {
    expect(reason(points, over)).toBe(expected);
  });
});

const message = (config: object): unknown => {
  const read = resources.aws_cloudwatch_metric_alarm.read({
    address: "a",
    type: "aws_cloudwatch_metric_alarm",
    config: {
      alarm_name: "a",
      comparison_operator: "GreaterThanThreshold",
      evaluation_periods: 3,
      threshold: 5,
      alarm_actions: ["arn:topic"],
      ...config,
    },
  });
  const change = { from: "OK", to: "ALARM", reason: "Because.", at: Date.UTC(2026, 0, 1) } as const;
  const where = { account: "000000000000", region: "eu-central-1" };
  return JSON.parse(
    messageFor({ address: "a", config: read, attribute: () => "arn:a" }, condition(), change, where),
  );
};

const DIMENSIONS = [{ value: "q", name: "QueueName" }];
const CONDITION = {
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  ComparisonOperator: "GreaterThanThreshold",
  Threshold: 5,
  TreatMissingData: "notBreaching",
  EvaluateLowSampleCountPercentile: "",
};

describe("the message that a topic gets", () => {
  it("tells of the alarm, its change, and the metric it looks at", () => {
    const metric = { namespace: "N", metric_name: "M", statistic: "Sum", period: 60 };
    expect(message({ ...metric, dimensions: { QueueName: "q" } })).toEqual({
      AlarmName: "a",
      AlarmDescription: null,
      AWSAccountId: "000000000000",
      NewStateValue: "ALARM",
      NewStateReason: "Because.",
      StateChangeTime: "2026-01-01T00:00:00.000+0000",
      Region: "eu-central-1",
      AlarmArn: "arn:a",
      OldStateValue: "OK",
      OKActions: [],
      AlarmActions: ["arn:topic"],
      InsufficientDataActions: [],
      Trigger: {
        MetricName: "M",
        Namespace: "N",
        StatisticType: "Statistic",
        Statistic: "SUM",
        Unit: null,
        Dimensions: DIMENSIONS,
        Period: 60,
        ...CONDITION,
      },
    });
  });

  it("names the metrics that an expression computes from", () => {
    const metric = {
      namespace: "N",
      metric_name: "M",
      stat: "Sum",
      period: 60,
      dimensions: { QueueName: "q" },
    };
    const metric_query = [
      { id: "m", metric },
      { id: "e", expression: "m * 2", label: "twice", return_data: true },
    ];
    expect(message({ metric_query })).toMatchObject({
      Trigger: {
        ...CONDITION,
        Metrics: [
          {
            Id: "m",
            MetricStat: {
              Metric: { Dimensions: DIMENSIONS, MetricName: "M", Namespace: "N" },
              Period: 60,
              Stat: "Sum",
            },
            ReturnData: false,
          },
          { Id: "e", Expression: "m * 2", Label: "twice", ReturnData: true },
        ],
      },
    });
  });
});
