import { Alarm, queueAge, queueDepth, type Symptom } from "../../modules/alarm";
import { Topic } from "../../modules/topic";
import { declaredBy } from "../support/synth";
import { accountId, makeKey, only } from "./support";

describe("Alarm", () => {
  const depth = queueDepth("test-orders");
  const alarmed = (...symptoms: ReadonlyArray<Symptom>) =>
    declaredBy((stack) => {
      const topic = new Topic(stack, "news", { name: "test-news", accountId, key: makeKey(stack) });
      for (const [index, symptom] of symptoms.entries())
        new Alarm(stack, `alarm-${index}`, {
          name: `test-${index}`,
          description: "It fails",
          symptom,
          topic,
        });
    });

  it("tells its topic of trouble and of its end, and takes silence for health", () => {
    const declared = alarmed({ type: "above", metric: depth, threshold: 0 });
    expect(only(declared, "aws_cloudwatch_metric_alarm")).toMatchObject({
      namespace: "AWS/SQS",
      dimensions: { QueueName: "test-orders" },
      comparison_operator: "GreaterThanThreshold",
      treat_missing_data: "notBreaching",
      alarm_actions: [expect.stringContaining("aws_sns_topic.news")],
      ok_actions: [expect.stringContaining("aws_sns_topic.news")],
    });
  });

  it("takes silence for trouble where something must come, for as long as it may stay away", () => {
    const silence = (minutes: number): Symptom => ({ type: "silence", metric: depth, minutes });
    const declared = alarmed(silence(30), silence(1_440), silence(2_880));
    for (const alarm of Object.values(declared.all("aws_cloudwatch_metric_alarm")))
      expect(alarm).toMatchObject({
        comparison_operator: "LessThanThreshold",
        threshold: 1,
        treat_missing_data: "breaching",
      });
    const looksBack = Object.values(declared.all("aws_cloudwatch_metric_alarm")).map(
      ({ period, evaluation_periods: periods }) => [period, periods],
    );
    // CloudWatch looks back a day at most, or a week where a period is an hour.
    expect(looksBack).toEqual([
      [300, 6],
      [300, 288],
      [3_600, 48],
    ]);
  });

  it("measures a share where there is enough to share", () => {
    const declared = alarmed({ type: "share", of: depth, among: queueAge("x"), percent: 5, atLeast: 10 });
    expect(only(declared, "aws_cloudwatch_metric_alarm")).toMatchObject({
      metric_query: [
        { id: "failed", metric: { metric_name: "ApproximateNumberOfMessagesVisible" } },
        { id: "asked", metric: { metric_name: "ApproximateAgeOfOldestMessage" } },
        { id: "share", expression: "IF(asked >= 10, 100 * failed / asked, 0)", return_data: true },
      ],
      threshold: 5,
      evaluation_periods: 5,
      datapoints_to_alarm: 3,
    });
  });
});
