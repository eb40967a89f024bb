/** Holds what the archive says of orders against the table, and the table's ends against the archive. */
import { type DynamoDBClient, paginateQuery } from "@aws-sdk/client-dynamodb";
import * as E from "fp-ts/Either";
import { SHARDS, statusShard } from "../../functions/adapters/order-item";
import { awardIn, sameAward } from "../../functions/domain/award";
import { type HistoryStep, historyOf } from "../../functions/domain/history";
import { TERM_NAMES } from "../../functions/domain/order";
import { ENDS } from "../../functions/domain/status";
import type { FoundOrder } from "../../functions/domain/stored-order";
import { DECIDED } from "../../functions/tables";
import type { Record, Span } from "./read";

/**
 * `same`; `forgotten`: the table's retention has ended; `elsewhere`: the order is archived in another object, which
 * says the same; or what contradicts the archive.
 */
export type Verdict =
  | { readonly _tag: "same" | "forgotten" | "elsewhere" }
  | { readonly _tag: "contradiction"; readonly why: string };

/** The object that an order stands in is noted in the table after it was written. */
const text = (history: ReadonlyArray<HistoryStep>): string =>
  history.map(({ status, at, by = "" }) => `${status} at ${at} by ${by}`).join(", ");

const contradiction = (why: string): Verdict => ({ _tag: "contradiction", why });

export const compare = (record: Record, found: FoundOrder | undefined): Verdict => {
  if (found === undefined) return { _tag: "forgotten" };
  if (E.isLeft(found)) return contradiction(`the table's order cannot be read: ${found.left.faults}`);
  const order = found.right;
  if (order.product !== record.product || order.power !== record.power)
    return contradiction(`the table's order is ${order.product}, ${order.power}`);
  if (order.status !== record.status) return contradiction(`the table has it ${order.status}`);
  const term = TERM_NAMES.find((name) => order[name] !== record[name]);
  if (record.history.length > 0 && term !== undefined)
    return contradiction(`the table's order has another ${term}`);
  const history = historyOf(order);
  if (record.history.length > 0 && text(history) !== text(record.history))
    return contradiction(`the table has it ${text(history)}`);
  if (record.history.length > 0 && !sameAward(record, order))
    return contradiction(`the table has it with ${JSON.stringify(awardIn(order))}`);
  return { _tag: order.archive_key === undefined || order.archive_key === record.key ? "same" : "elsewhere" };
};

/** Those that ended in a span by the table and whose object the archive does not have, or that have none yet. */
export const unproven = async function* (
  dynamo: DynamoDBClient,
  table: string,
  { from, to }: Span,
  keys: ReadonlySet<string>,
) {
  for (const status of ENDS)
    for (let shard = 0; shard < SHARDS; shard += 1)
      for await (const { Items = [] } of paginateQuery(
        { client: dynamo },
        {
          TableName: table,
          IndexName: DECIDED.name,
          KeyConditionExpression: "#shard = :shard AND #place BETWEEN :from AND :to",
          ProjectionExpression: "order_id, archive_key, decided_by",
          ExpressionAttributeNames: { "#shard": DECIDED.hash, "#place": DECIDED.range },
          ExpressionAttributeValues: {
            ":shard": { S: statusShard(status, shard) },
            ":from": { S: from },
            // Every place of that day begins with the day and a T.
            ":to": { S: `${to}U` },
          },
        },
      ))
        for (const { order_id, archive_key, decided_by } of Items) {
          const key = archive_key?.S;
          if (key !== undefined ? !keys.has(key) : decided_by !== undefined)
            yield { order_id: Number(order_id?.N), status, key };
        }
};
