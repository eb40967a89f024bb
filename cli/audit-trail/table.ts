/** The table's own word on orders, a batch at a time. */
import { BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { fromItem, key } from "../../functions/adapters/order-item";
import { OrderId } from "../../functions/domain/order";
import type { FoundOrder } from "../../functions/domain/stored-order";

/** What one request may hold (API Reference, BatchGetItem). */
const BATCH = 100;

export const ordersIn = async (
  dynamo: DynamoDBClient,
  table: string,
  ids: ReadonlyArray<OrderId>,
): Promise<ReadonlyMap<OrderId, FoundOrder>> => {
  const found = new Map<OrderId, FoundOrder>();
  let left = [...new Set(ids)];
  while (left.length > 0) {
    const batch = left.slice(0, BATCH);
    const { Responses, UnprocessedKeys } = await dynamo.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys: batch.map(key), ConsistentRead: true } } }),
    );
    for (const item of Responses?.[table] ?? []) {
      const id = Number(item["order_id"]?.N);
      if (OrderId.is(id)) found.set(id, fromItem(id, item));
    }
    const again = (UnprocessedKeys?.[table]?.Keys ?? []).map(({ order_id }) => Number(order_id?.N));
    left = [...left.slice(BATCH), ...again.filter(OrderId.is)];
  }
  return found;
};
