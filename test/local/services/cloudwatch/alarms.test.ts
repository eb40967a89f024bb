import type { Client } from "../../../../local/engine/gateway/client";
import { metricStore } from "../../../../local/engine/metrics";
import { makeActivity } from "../../../../local/activity";
import { declaredAlarms } from "../../../../local/services/cloudwatch/alarms";
import { resources } from "../../../../local/services/cloudwatch/resources";

const TOPIC = "arn:aws:sns:eu-central-1:000000000000:alarms";
const METRIC = { namespace: "N", name: "Failed", dimensions: {} };

/** Alarms of this configuration, on a clock that the test moves. */
const alarmsOf = (...configs: ReadonlyArray<Record<string, string | number | string[]>>) => {
  let now = Date.parse("2026-01-01T00:00:00Z");
  const metrics = metricStore(() => now);
  const lines: string[] = [];
  const published: Record<string, unknown>[] = [];
  const client: Client = {
    send: (_, __, { body }) => {
      const form = new URLSearchParams(body.toString());
      const message = JSON.parse(form.get("Message") ?? "{}") as object;
      published.push({ topic: form.get("TopicArn"), ...message });
      return Promise.resolve({ status: 200, headers: {}, body: Buffer.from("") });
    },
    json: () => Promise.reject(new Error("not asked for")),
  };
  const declared = configs.map((config, index) => {
    const read = resources.aws_cloudwatch_metric_alarm.read({
      address: `alarm-${index}`,
      type: "aws_cloudwatch_metric_alarm",
      config: {
        alarm_name: `alarm-${index}`,
        comparison_operator: "GreaterThanThreshold",
        evaluation_periods: 1,
        threshold: 0,
        namespace: "N",
        metric_name: "Failed",
        statistic: "Sum",
        period: 60,
        alarm_actions: [TOPIC],
        ok_actions: [TOPIC],
        treat_missing_data: "notBreaching",
        ...config,
      },
    });
    return { address: `alarm-${index}`, config: read, attribute: () => `arn:alarm-${index}` };
  });
  const alarms = declaredAlarms(declared, {
    metrics,
    isMeasured: () => true,
    client,
    deployment: { region: "eu-central-1", account: "000000000000" },
    activity: makeActivity((line) => lines.push(line.slice(10)), false),
    now: () => now,
  });
  return {
    lines,
    published,
    metrics,
    fail: () => metrics.put(METRIC, 1),
    /** Lets time pass, and evaluates as often as the platform does. */
    pass: async (seconds: number): Promise<void> => {
      for (let left = seconds; left > 0; left -= 10) {
        now += 10_000;
        await alarms.evaluate();
      }
    },
  };
};

describe("declared alarms", () => {
  it("ring once, tell their topic as CloudWatch does, and are over when it has passed", async () => {
    const { lines, published, fail, pass } = alarmsOf({ alarm_description: "Do this." });
    await pass(60);
    expect(lines).toEqual([]);
    published.length = 0;
    fail();
    await pass(10);
    const reason =
      "Threshold Crossed: 1 out of the last 1 datapoints [1.0 (01/01/26 00:00:20)] was greater than the " +
      "threshold (0.0) (minimum 1 datapoint for OK -> ALARM transition).";
    expect(lines).toEqual([`alarm     alarm-0 rings. ${reason}`]);
    // CloudWatch looks at the last data there was for two periods more.
    await pass(160);
    expect(lines).toHaveLength(1);
    await pass(10);
    expect(lines.slice(1)).toEqual([
      "alarm     alarm-0 is over. Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].",
    ]);
    expect(published).toMatchObject([
      {
        topic: TOPIC,
        AlarmName: "alarm-0",
        AlarmDescription: "Do this.",
        OldStateValue: "OK",
        NewStateValue: "ALARM",
        NewStateReason: reason,
      },
      { OldStateValue: "ALARM", NewStateValue: "OK" },
    ]);
  });

  it("ring on silence once it has lasted since the start, and not before", async () => {
    const { lines, fail, pass } = alarmsOf({
      comparison_operator: "LessThanThreshold",
      threshold: 1,
      evaluation_periods: 3,
      treat_missing_data: "breaching",
    });
    await pass(160);
    expect(lines).toEqual([]);
    await pass(20);
    expect(lines).toEqual([expect.stringContaining("3 missing datapoints were treated as [Breaching]")]);
    fail();
    await pass(10);
    expect(lines.slice(1)).toEqual([expect.stringContaining("alarm-0 is over")]);
  });

  it("tell nobody where their actions are disabled", async () => {
    const { lines, published, fail, pass } = alarmsOf({ actions_enabled: "false" });
    fail();
    await pass(10);
    expect([lines.length, published]).toEqual([1, []]);
  });

  it("are evaluated though something could not be measured, which is said", async () => {
    const { lines, metrics, fail, pass } = alarmsOf({});
    metrics.measure(() => {
      throw new Error("database is locked");
    });
    fail();
    await pass(10);
    expect(lines).toEqual(["warning   alarms: database is locked", expect.stringContaining("alarm-0 rings")]);
  });
});
