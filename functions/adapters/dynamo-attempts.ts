import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { Attempts } from "../ports/capabilities";
import { dynamo } from "./clients";
import { conditional } from "./conditional";
import { LONGEST_MS } from "./dynamo-announcements";
import { ATTEMPTS, key } from "./order-item";

const UNRESERVED =
  "attribute_not_exists(announcing_until) OR announcing_until < :now OR announcing_until > :longest";

/** Attempts to send an order, on the order's own item: a set, which DynamoDB removes with its last member. */
export const dynamoAttempts = (table: string, signal: AbortSignal): Attempts => ({
  begin: (id, { by, now }) =>
    conditional("noting an attempt", () =>
      dynamo().send(
        new UpdateItemCommand({
          TableName: table,
          Key: key(id),
          UpdateExpression: "ADD #attempts :by",
          ConditionExpression: `#status = :received AND (${UNRESERVED})`,
          ExpressionAttributeNames: { "#attempts": ATTEMPTS, "#status": "status" },
          ExpressionAttributeValues: {
            ":by": { SS: [by] },
            ":received": { S: "received" },
            ":now": { N: String(now) },
            ":longest": { N: String(now + LONGEST_MS) },
          },
        }),
        { abortSignal: signal },
      ),
    ),
  takeBack: (id, by) =>
    pipe(
      conditional("taking an attempt back", () =>
        dynamo().send(
          new UpdateItemCommand({
            TableName: table,
            Key: key(id),
            UpdateExpression: "DELETE #attempts :by",
            ConditionExpression: "attribute_exists(order_id)",
            ExpressionAttributeNames: { "#attempts": ATTEMPTS },
            ExpressionAttributeValues: { ":by": { SS: [by] } },
          }),
          { abortSignal: signal },
        ),
      ),
      TE.asUnit,
    ),
});
