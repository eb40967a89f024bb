import { PUBLISH_CHANGES } from "../functions/publish-changes/contract";
import { Alarm, followerAge } from "../modules/alarm";
import type { FailureQueue } from "../modules/queue";
import type { Table } from "../modules/table";
import type { Topic } from "../modules/topic";
import type { EnvironmentStack } from "./environment-stack";
import type { FunctionFactory } from "./orders-functions";

const LATE_MINUTES = 15;

type Parts = {
  readonly table: Table;
  readonly changes: Topic;
  readonly alarms: Topic;
  readonly failures: FailureQueue;
};

/** table's stream ─▶ publish-changes ─▶ topic ─▶ the queues of other systems */
export const publishOrderChanges = (
  stack: EnvironmentStack,
  makeFunction: FunctionFactory,
  { table, changes, alarms, failures }: Parts,
): void => {
  const { name, account_id, region, order_changes: asked } = stack.environment;
  const publisher = makeFunction(PUBLISH_CHANGES, { uses: { CHANGES_TOPIC_ARN: changes }, settings: {} });
  publisher.followChanges(table, failures);
  // Of this account alone: the owner of another account's would have to confirm the subscription.
  for (const queue of asked?.queues ?? [])
    changes.deliver(`arn:aws:sqs:${region}:${account_id}:${queue}`, failures);
  new Alarm(stack, "alarm-changes-late", {
    name: `${name}-changes-late`,
    description: `Changes of orders are told to other systems more than ${LATE_MINUTES} minutes late. Is SNS answering? See publish-changes' log; nothing is lost for 23 hours. Runbook: docs/runbook.md#changes-told-late`,
    symptom: { type: "above", metric: followerAge(publisher.name), threshold: LATE_MINUTES * 60_000 },
    topic: alarms,
  });
};
