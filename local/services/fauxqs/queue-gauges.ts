import { join } from "node:path";
import * as t from "io-ts";
import type { Metric } from "../../engine/metrics";
import { steadyNow } from "../../clock";

export const QUEUE_METRICS = [
  "ApproximateNumberOfMessagesVisible",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateAgeOfOldestMessage",
] as const;

const Row = t.type({
  name: t.string,
  visible: t.number,
  hidden: t.number,
  oldest: t.union([t.number, t.null]),
});

/** fauxqs tells no message's age: its own tables do. */
const QUERY = `
  SELECT q.name AS name, min(m.sent_timestamp) AS oldest,
    count(CASE WHEN coalesce(m.visibility_deadline, 0) <= :now AND coalesce(m.delay_until, 0) <= :now
      THEN m.message_id END) AS visible,
    count(CASE WHEN coalesce(m.visibility_deadline, 0) > :now THEN m.message_id END) AS hidden
  FROM sqs_queues q LEFT JOIN sqs_messages m ON m.queue_name = q.name
  GROUP BY q.name`;

/** Loading it warns that it is experimental, about which nobody here can do anything. */
const quietly = <A>(load: () => A): A => {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
};

/** How many messages each queue holds, and how old its oldest is. */
export const queueGauges = (queues: string) => {
  const { DatabaseSync } = quietly(() => process.getBuiltinModule("node:sqlite"));
  return (): ReadonlyArray<readonly [Metric, number]> => {
    const database = new DatabaseSync(join(queues, "fauxqs.db"), { readOnly: true });
    try {
      const now = steadyNow();
      return database
        .prepare(QUERY)
        .all({ now })
        .filter((row) => Row.is(row))
        .flatMap(({ name, visible, hidden, oldest }) => {
          const values = [visible, hidden, oldest === null ? 0 : Math.max(0, (now - oldest) / 1_000)];
          return QUEUE_METRICS.map(
            (metric, index) =>
              [
                { namespace: "AWS/SQS", name: metric, dimensions: { QueueName: name } },
                values[index] ?? 0,
              ] as const,
          );
        });
    } finally {
      database.close();
    }
  };
};
