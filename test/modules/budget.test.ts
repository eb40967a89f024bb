import { Budget, BUDGETS } from "../../modules/budget";
import { Topic } from "../../modules/topic";
import { declaredBy } from "../support/synth";
import { accountId, makeKey, only } from "./support";

const budget = (...recipients: ReadonlyArray<string>) =>
  only(
    declaredBy((stack) => {
      const topic = new Topic(stack, "news", {
        name: "test-news",
        accountId,
        key: makeKey(stack),
        services: [BUDGETS],
      });
      new Budget(stack, "budget", {
        name: "test-orders",
        usdPerMonth: 200,
        tag: { key: "environment", value: "test" },
        topic,
        recipients,
      });
    }),
    "aws_budgets_budget",
  );

describe("Budget", () => {
  it("counts the cost of what has its tag, by the month", () => {
    expect(budget()).toMatchObject({
      ...{ name: "test-orders", budget_type: "COST", time_unit: "MONTHLY" },
      ...{ limit_amount: "200", limit_unit: "USD" },
      cost_filter: [{ name: "TagKeyValue", values: ["user:environment$test"] }],
    });
  });

  it("tells its topic, which lets it, and people of what is spent and of what is forecasted", () => {
    const over = (notification_type: string) => ({
      ...{ notification_type, comparison_operator: "GREATER_THAN" },
      ...{ threshold: 100, threshold_type: "PERCENTAGE" },
      subscriber_sns_topic_arns: [expect.stringMatching(/aws_sns_topic\.news.*\.arn/)],
    });
    expect(budget()).toMatchObject({
      depends_on: [expect.stringMatching(/^aws_sns_topic_policy\.news/)],
      notification: [over("ACTUAL"), over("FORECASTED")],
    });
    const mailed = { subscriber_email_addresses: ["somebody@example.com"] };
    expect(budget("somebody@example.com")).toMatchObject({ notification: [mailed, mailed] });
    expect(JSON.stringify(budget())).not.toContain("email");
  });
});
