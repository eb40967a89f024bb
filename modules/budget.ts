import { BudgetsBudget } from "@cdktf/provider-aws/lib/budgets-budget";
import { Construct } from "constructs";
import type { Topic } from "./topic";

/** Publishes to the topic of a budget. */
export const BUDGETS = "budgets.amazonaws.com";

export type BudgetProps = {
  readonly name: string;
  readonly usdPerMonth: number;
  /** Whose cost is counted: what has this tag, once the tag is activated for cost allocation. */
  readonly tag: { readonly key: string; readonly value: string };
  /** Told in plain text, which no filter of message bodies lets pass; its services have to include `BUDGETS`. */
  readonly topic: Topic;
  /** People to mail to, ten at most; they confirm nothing. */
  readonly recipients: ReadonlyArray<string>;
};

/** Tells when a month has cost more than was planned, and when it is going to. */
export class Budget extends Construct {
  constructor(scope: Construct, id: string, { name, usdPerMonth, tag, topic, recipients }: BudgetProps) {
    super(scope, id);
    new BudgetsBudget(this, "this", {
      name,
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: String(usdPerMonth),
      limitUnit: "USD",
      costFilter: [{ name: "TagKeyValue", values: [`user:${tag.key}$${tag.value}`] }],
      notification: ["ACTUAL", "FORECASTED"].map((notificationType) => ({
        notificationType,
        comparisonOperator: "GREATER_THAN",
        threshold: 100,
        thresholdType: "PERCENTAGE",
        subscriberSnsTopicArns: [topic.arn],
        ...(recipients.length === 0 ? {} : { subscriberEmailAddresses: [...recipients] }),
      })),
      // AWS Budgets may try the topic when it is told of it.
      dependsOn: [topic.policy],
    });
  }
}
