import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { Attempts } from "../ports/capabilities";
import { hasUpdated } from "./dynamo";
import { conditionalWrites, update } from "./conditional-writes";
import { LONGEST_MS, unreservedAt } from "./dynamo-announcements";
import { ATTEMPTS, key } from "./order-item";

const OPERATION = "noting an attempt";

/** Attempts to send an order, on the order's own item: a set, which DynamoDB removes with its last member. */
export const dynamoAttempts = (table: string, signal: AbortSignal): Attempts => {
  const write = conditionalWrites(signal);
  /** The first attempt, as nearly all are: those of a batch are noted in one request. */
  const beginFirst: Attempts["begin"] = (id, { by, now }) => {
    const unreserved = unreservedAt(now);
    return write(
      update(
        OPERATION,
        table,
        key(id),
        { set: { [ATTEMPTS]: { SS: [by] } } },
        {
          text: `"status" = ? AND "${ATTEMPTS}" IS MISSING AND (${unreserved.text})`,
          values: [{ S: "received" }, ...unreserved.values],
        },
      ),
    );
  };
  /** One beside others, which a statement cannot add to a set that may not be there. */
  const beginAnother: Attempts["begin"] = (id, { by, now }) =>
    hasUpdated(OPERATION, signal, {
      TableName: table,
      Key: key(id),
      UpdateExpression: "ADD #attempts :by",
      ConditionExpression:
        "#status = :received AND (attribute_not_exists(announcing_until) OR announcing_until < :now OR announcing_until > :longest)",
      ExpressionAttributeNames: { "#attempts": ATTEMPTS, "#status": "status" },
      ExpressionAttributeValues: {
        ":by": { SS: [by] },
        ":received": { S: "received" },
        ":now": { N: String(now) },
        ":longest": { N: String(now + LONGEST_MS) },
      },
    });
  return {
    begin: (id, attempt) =>
      pipe(
        beginFirst(id, attempt),
        TE.flatMap((isBegun) => (isBegun ? TE.right(true) : beginAnother(id, attempt))),
      ),
    takeBack: (id, by) =>
      pipe(
        hasUpdated("taking an attempt back", signal, {
          TableName: table,
          Key: key(id),
          UpdateExpression: "DELETE #attempts :by",
          ConditionExpression: "attribute_exists(order_id)",
          ExpressionAttributeNames: { "#attempts": ATTEMPTS },
          ExpressionAttributeValues: { ":by": { SS: [by] } },
        }),
        TE.asUnit,
      ),
  };
};
