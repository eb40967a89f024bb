import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as TE from "fp-ts/TaskEither";
import { dynamo } from "../adapters/clients";
import { conditional } from "../adapters/conditional";
import type { OrderId } from "../domain/order";
import { traverseBounded } from "../fp/bounded";
import type { PortError } from "../ports/errors";
import { FEED } from "../tables";
import { PENDING } from "./entry";

/**
 * Either an order's result is called, and will be on a page, or the order is withdrawn, and will not: two conditional
 * writes of its entry, of which one alone is made.
 */
const CALLED = "result_called";

const WRITES_AT_ONCE = 16;

/** Of results that are due, those of orders that nobody has withdrawn; from now on nobody can. */
export const call =
  (table: string, signal: AbortSignal) =>
  <A extends { readonly entry: { readonly order_id: OrderId } }>(
    results: ReadonlyArray<A>,
  ): TE.TaskEither<PortError, ReadonlyArray<A>> =>
    pipe(
      results,
      traverseBounded(WRITES_AT_ONCE)((result: A) =>
        pipe(
          conditional("calling a result", () =>
            dynamo().send(
              new UpdateItemCommand({
                TableName: table,
                Key: { order_id: { N: String(result.entry.order_id) } },
                UpdateExpression: `SET ${CALLED} = :true`,
                ConditionExpression: `${FEED.hash} = :pending`,
                ExpressionAttributeValues: { ":true": { BOOL: true }, ":pending": { S: PENDING } },
              }),
              { abortSignal: signal },
            ),
          ),
          TE.map((isCalled) => (isCalled ? [result] : [])),
        ),
      ),
      TE.map(RA.flatten),
    );

/** Its entry stays, so that the same order sent again is known. False where its result is called, or none waits. */
export const withdraw =
  (table: string, signal: AbortSignal) =>
  (id: OrderId, at: Date): TE.TaskEither<PortError, boolean> =>
    conditional("withdrawing an order", () =>
      dynamo().send(
        new UpdateItemCommand({
          TableName: table,
          Key: { order_id: { N: String(id) } },
          UpdateExpression: `SET withdrawn_at = if_not_exists(withdrawn_at, :at) REMOVE ${FEED.hash}, ${FEED.range}`,
          ConditionExpression: `attribute_exists(withdrawn_at) OR (${FEED.hash} = :pending AND attribute_not_exists(${CALLED}))`,
          ExpressionAttributeValues: { ":at": { S: at.toISOString() }, ":pending": { S: PENDING } },
        }),
        { abortSignal: signal },
      ),
    );
