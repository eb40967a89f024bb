import type { Call, Json } from "./call.mts";

type Tag = { readonly Key: string; readonly Value: string };

const record = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {});

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** A budget by what a call says of it; undefined for a call that is about none. */
const arnOf = ({ ResourceARN, AccountId, BudgetName, Budget, NewBudget }: Json): string | undefined => {
  const name = text(BudgetName) ?? text(record(Budget ?? NewBudget)["BudgetName"]);
  const arn =
    name === undefined ? text(ResourceARN) : `arn:aws:budgets::${text(AccountId) ?? ""}:budget/${name}`;
  return arn?.startsWith("arn:aws:budgets:") === true ? arn : undefined;
};

/** A budget has one notification of a type, comparison and threshold. */
const notificationOf = (arn: string, { Notification: notification }: Json): string => {
  const {
    NotificationType: type,
    ComparisonOperator: comparison,
    Threshold: threshold,
  } = record(notification);
  return [arn, type, comparison, threshold].join(" ");
};

/** What moto lacks of AWS Budgets: a budget's changes, its tags, and who is told. */
export class Budgets {
  private readonly changed = new Map<string, Json>();
  private readonly tags = new Map<string, ReadonlyArray<Tag>>();
  private readonly subscribers = new Map<string, unknown>();

  /** The answer to a call that moto must not see; undefined where it may. */
  answer({ operation, body }: Call): Json | undefined {
    const arn = arnOf(body);
    if (arn === undefined) return undefined;
    const tags = this.tags.get(arn) ?? [];
    const given = (body["ResourceTags"] ?? []) as ReadonlyArray<Tag>;
    switch (operation) {
      case "CreateBudget":
        this.changed.delete(arn);
        this.tags.set(arn, given);
        return undefined;
      case "UpdateBudget":
        this.changed.set(arn, record(body["NewBudget"]));
        return {};
      case "CreateNotification":
        this.subscribers.set(notificationOf(arn, body), body["Subscribers"]);
        return undefined;
      case "DescribeSubscribersForNotification":
        return { Subscribers: this.subscribers.get(notificationOf(arn, body)) ?? [] };
      case "ListTagsForResource":
        return { ResourceTags: tags };
      case "TagResource":
        this.tags.set(arn, [...tags.filter(({ Key }) => given.every((tag) => tag.Key !== Key)), ...given]);
        return {};
      case "UntagResource": {
        const gone = (body["ResourceTagKeys"] ?? []) as ReadonlyArray<string>;
        this.tags.set(
          arn,
          tags.filter(({ Key }) => !gone.includes(Key)),
        );
        return {};
      }
      default:
        return undefined;
    }
  }

  /** Moto's answer to DescribeBudget, with what changed since the budget was made. */
  complete({ body }: Call, answer: Json): Json {
    return { ...answer, Budget: { ...record(answer["Budget"]), ...this.changed.get(arnOf(body) ?? "") } };
  }
}
