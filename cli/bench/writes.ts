import { BatchWriteItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Item } from "../../functions/adapters/order-item";
import { traverseAll } from "../../functions/fp/bounded";

export const BATCH = 25;
export const AT_ONCE = 16;

/** Writes items by their ids without conditions, 25 to a request. */
export const writeAll =
  (client: DynamoDBClient, table: string, itemOf: (id: number) => Item) =>
  (first: number, count: number): Promise<unknown> => {
    const write = (from: number) => () =>
      client.send(
        new BatchWriteItemCommand({
          RequestItems: {
            [table]: Array.from({ length: Math.min(BATCH, first + count - from) }, (_, index) => ({
              PutRequest: { Item: itemOf(from + index) },
            })),
          },
        }),
      );
    const starts = Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) => first + batch * BATCH);
    return traverseAll(AT_ONCE)(write)(starts)();
  };
