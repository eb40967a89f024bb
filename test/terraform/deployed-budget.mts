import { ACCOUNT } from "./account-memory.mts";
import type { Check } from "./deployed.mts";
import { expect, same } from "./report.mts";

/** AWS Budgets, which has no client here; the emulator reads of a signature which service is meant. */
const askBudgets = async (endpoint: string, operation: string, input: object): Promise<unknown> => {
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `AWSBudgetServiceGateway.${operation}`,
      authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/budgets/aws4_request",
    },
    body: JSON.stringify(input),
  });
  return answer.json();
};

/** An environment's budget as AWS Budgets has it. */
export const budgetCheck = (environment: string, endpoint: string, topic: string): Check => ({
  name: "budget: its limit, whose cost it counts, and whom it tells",
  look: async () => {
    const named = { AccountId: ACCOUNT, BudgetName: `${environment}-orders` };
    const { Budget: budget } = (await askBudgets(endpoint, "DescribeBudget", named)) as {
      Budget?: { BudgetLimit?: { Amount?: string }; CostFilters?: object };
    };
    same("limit", Number(budget?.BudgetLimit?.Amount), environment === "prod" ? 200 : 20);
    same("counted", budget?.CostFilters, { TagKeyValue: [`user:environment$${environment}`] });
    const { Notifications: notifications = [] } = (await askBudgets(
      endpoint,
      "DescribeNotificationsForBudget",
      named,
    )) as { Notifications?: ReadonlyArray<{ NotificationType?: string }> };
    same("told of", notifications.map(({ NotificationType }) => NotificationType).sort(), [
      "ACTUAL",
      "FORECASTED",
    ]);
    for (const Notification of notifications) {
      const { Subscribers: told = [] } = (await askBudgets(endpoint, "DescribeSubscribersForNotification", {
        ...named,
        Notification,
      })) as { Subscribers?: ReadonlyArray<{ Address?: string }> };
      expect(
        told.some(({ Address }) => Address === topic),
        "the budget does not tell the topic",
      );
    }
  },
});
