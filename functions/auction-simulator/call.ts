import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as TE from "fp-ts/TaskEither";
import { conditionalWrites, update, WRITES_AT_ONCE } from "../adapters/conditional-writes";
import { hasUpdated } from "../adapters/dynamo";
import { key } from "../adapters/order-item";
import type { OrderId } from "../domain/order";
import { traverseBounded } from "../fp/bounded";
import type { PortError } from "../ports/errors";
import { FEED } from "../tables";
import { CALLED, type Entry, PENDING } from "./entry";

/**
 * Of results that are due, those of orders that nobody has withdrawn; from now on nobody can. What is called stays so:
 * where there is no time for all of them, the next attempt has fewer to call.
 */
export const call = (table: string, signal: AbortSignal) => {
  const write = conditionalWrites(signal);
  const callOne = ({ order_id }: Entry): TE.TaskEither<PortError, boolean> =>
    write(
      update(
        "calling a result",
        table,
        key(order_id),
        { set: { [CALLED]: { BOOL: true } } },
        { text: `"${FEED.hash}" = ?`, values: [{ S: PENDING }] },
      ),
    );
  return <A extends { readonly entry: Entry }>(
    results: ReadonlyArray<A>,
  ): TE.TaskEither<PortError, ReadonlyArray<A>> =>
    pipe(
      results,
      traverseBounded(WRITES_AT_ONCE)((result: A) =>
        pipe(
          result.entry[CALLED] === true ? TE.right(true) : callOne(result.entry),
          TE.map((isCalled) => (isCalled ? [result] : [])),
        ),
      ),
      TE.map(RA.flatten),
    );
};

/** Its entry stays, so that the same order sent again is known. False where its result is called, or none waits. */
export const withdraw =
  (table: string, signal: AbortSignal) =>
  (id: OrderId, at: Date): TE.TaskEither<PortError, boolean> =>
    hasUpdated("withdrawing an order", signal, {
      TableName: table,
      Key: key(id),
      UpdateExpression: `SET withdrawn_at = if_not_exists(withdrawn_at, :at) REMOVE ${FEED.hash}, ${FEED.range}`,
      ConditionExpression: `attribute_exists(withdrawn_at) OR (${FEED.hash} = :pending AND attribute_not_exists(${CALLED}))`,
      ExpressionAttributeValues: { ":at": { S: at.toISOString() }, ":pending": { S: PENDING } },
    });
