import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as TE from "fp-ts/TaskEither";
import { hasUpdated } from "../adapters/dynamo";
import type { OrderId } from "../domain/order";
import { traverseBounded } from "../fp/bounded";
import type { PortError } from "../ports/errors";
import { FEED } from "../tables";
import { CALLED, type Entry, PENDING } from "./entry";

const WRITES_AT_ONCE = 16;

const callOne = (
  table: string,
  { order_id }: Entry,
  signal: AbortSignal,
): TE.TaskEither<PortError, boolean> =>
  hasUpdated("calling a result", signal, {
    TableName: table,
    Key: { order_id: { N: String(order_id) } },
    UpdateExpression: `SET ${CALLED} = :true`,
    ConditionExpression: `${FEED.hash} = :pending`,
    ExpressionAttributeValues: { ":true": { BOOL: true }, ":pending": { S: PENDING } },
  });

/**
 * Of results that are due, those of orders that nobody has withdrawn; from now on nobody can. What is called stays so:
 * where there is no time for all of them, the next attempt has fewer to call.
 */
export const call =
  (table: string, signal: AbortSignal) =>
  <A extends { readonly entry: Entry }>(
    results: ReadonlyArray<A>,
  ): TE.TaskEither<PortError, ReadonlyArray<A>> =>
    pipe(
      results,
      traverseBounded(WRITES_AT_ONCE)((result: A) =>
        pipe(
          result.entry[CALLED] === true ? TE.right(true) : callOne(table, result.entry, signal),
          TE.map((isCalled) => (isCalled ? [result] : [])),
        ),
      ),
      TE.map(RA.flatten),
    );

/** Its entry stays, so that the same order sent again is known. False where its result is called, or none waits. */
export const withdraw =
  (table: string, signal: AbortSignal) =>
  (id: OrderId, at: Date): TE.TaskEither<PortError, boolean> =>
    hasUpdated("withdrawing an order", signal, {
      TableName: table,
      Key: { order_id: { N: String(id) } },
      UpdateExpression: `SET withdrawn_at = if_not_exists(withdrawn_at, :at) REMOVE ${FEED.hash}, ${FEED.range}`,
      ConditionExpression: `attribute_exists(withdrawn_at) OR (${FEED.hash} = :pending AND attribute_not_exists(${CALLED}))`,
      ExpressionAttributeValues: { ":at": { S: at.toISOString() }, ":pending": { S: PENDING } },
    });
