import { Budgets } from "../../../cli/emulate/budgets.mts";
import type { Call } from "../../../cli/emulate/call.mts";

const OURS = { AccountId: "111111111111", BudgetName: "dev-orders" };
const ARN = "arn:aws:budgets::111111111111:budget/dev-orders";
const tag = (Key: string, Value: string) => ({ Key, Value });

const call = (operation: string, body = {}): Call => ({
  ...{ operation, method: "POST", path: "/", body, query: new URLSearchParams() },
});

const made = (): Budgets => {
  const budgets = new Budgets();
  const asked = call("CreateBudget", {
    AccountId: OURS.AccountId,
    Budget: { BudgetName: OURS.BudgetName, BudgetLimit: { Amount: "20", Unit: "USD" } },
    ResourceTags: [tag("owner", "desk"), tag("team", "a")],
  });
  expect(budgets.answer(asked)).toBeUndefined();
  return budgets;
};

it("keeps the tags of a budget as it was made with them, and as they change", () => {
  const budgets = made();
  const tags = (): unknown => budgets.answer(call("ListTagsForResource", { ResourceARN: ARN }));
  expect(tags()).toEqual({ ResourceTags: [tag("owner", "desk"), tag("team", "a")] });
  budgets.answer(call("TagResource", { ResourceARN: ARN, ResourceTags: [tag("owner", "other")] }));
  budgets.answer(call("UntagResource", { ResourceARN: ARN, ResourceTagKeys: ["team"] }));
  expect(tags()).toEqual({ ResourceTags: [tag("owner", "other")] });
});

it("completes a budget with what changed since it was made", () => {
  const budgets = made();
  const described = (): unknown =>
    budgets.complete(call("DescribeBudget", OURS), { Budget: { TimeUnit: "MONTHLY", BudgetLimit: 20 } });
  expect(described()).toEqual({ Budget: { TimeUnit: "MONTHLY", BudgetLimit: 20 } });
  const changed = { BudgetName: OURS.BudgetName, BudgetLimit: 30 };
  expect(budgets.answer(call("UpdateBudget", { AccountId: OURS.AccountId, NewBudget: changed }))).toEqual({});
  expect(described()).toEqual({ Budget: { TimeUnit: "MONTHLY", ...changed } });
});

it("knows who is told of each of a budget's notifications", () => {
  const budgets = made();
  const of = (NotificationType: string) => ({
    ...OURS,
    Notification: { NotificationType, ComparisonOperator: "GREATER_THAN", Threshold: 100 },
  });
  const told = [{ SubscriptionType: "EMAIL", Address: "somebody@example.com" }];
  expect(budgets.answer(call("CreateNotification", { ...of("ACTUAL"), Subscribers: told }))).toBeUndefined();
  const subscribers = (type: string) => budgets.answer(call("DescribeSubscribersForNotification", of(type)));
  expect(subscribers("ACTUAL")).toEqual({ Subscribers: told });
  expect(subscribers("FORECASTED")).toEqual({ Subscribers: [] });
});

it("leaves the tags of everything else alone", () => {
  const ResourceARN = "arn:aws:cloudwatch:eu-central-1:111111111111:alarm:dev-a";
  expect(new Budgets().answer(call("ListTagsForResource", { ResourceARN }))).toBeUndefined();
  expect(
    new Budgets().answer(call("ListTagsForResource", { resourceArn: "arn:aws:states:…" })),
  ).toBeUndefined();
});
