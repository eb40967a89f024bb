import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { updateItem } from "../adapters/dynamo";
import { conditionalWrites, insertion } from "../adapters/conditional-writes";
import { key } from "../adapters/order-item";
import type { OrderId } from "../domain/order";
import type { PortError } from "../ports/errors";
import { withdraw } from "./call";
import { type Entry, entryOf, itemOf } from "./entry";
import { type Feed, feed } from "./feed";

export interface Ledger extends Feed {
  /** Enters an order unless its id is taken; the entry that stands there afterwards. */
  readonly enter: (entry: Entry) => TE.TaskEither<PortError, Entry>;
  /**
   * Takes an order out of those that wait for their results. Its entry stays: the same order sent again is known, and
   * has no result. False where its result is out or about to be, or it never had one to come.
   */
  readonly withdraw: (id: OrderId, at: Date) => TE.TaskEither<PortError, boolean>;
}

/** The ledger keeps how often each order was sent: what a test of "counts once" reads. */
const countSend = (table: string, id: OrderId, signal: AbortSignal): TE.TaskEither<PortError, Entry> =>
  pipe(
    updateItem("counting a submission", signal, {
      TableName: table,
      Key: { order_id: { N: String(id) } },
      UpdateExpression: "ADD sends :one",
      ExpressionAttributeValues: { ":one": { N: "1" } },
      ReturnValues: "ALL_NEW",
    }),
    TE.flatMapEither(({ Attributes }) => entryOf(Attributes)),
  );

export const dynamoLedger = (table: string, signal: AbortSignal): Ledger => {
  const write = conditionalWrites(signal);
  return {
    enter: (entry) =>
      pipe(
        write(insertion("entering an order", table, key(entry.order_id), itemOf(entry))),
        TE.flatMap((isNew) => (isNew ? TE.right(entry) : countSend(table, entry.order_id, signal))),
      ),
    withdraw: withdraw(table, signal),
    ...feed(table, signal),
  };
};
