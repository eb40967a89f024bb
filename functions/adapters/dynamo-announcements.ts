import { ConditionalCheckFailedException, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import * as TE from "fp-ts/TaskEither";
import type { Announcements } from "../ports/capabilities";
import { portError } from "./aws-error";
import { dynamo } from "./clients";
import { key } from "./order-item";

/** Lambda's own limit: a reservation that ends later was made by a clock that ran ahead, and counts for nothing. */
const LONGEST_MS = 15 * 60_000;

const UNRESERVED = [
  "attribute_not_exists(announcing_until)",
  // An earlier attempt of this very call, whose answer was lost.
  "announcing_for = :by",
  "announcing_until < :now",
  "announcing_until > :longest",
].join(" OR ");

/** Reservations of announcements, each on the item of the order that is announced. */
export const dynamoAnnouncements = (table: string, signal: AbortSignal): Announcements => ({
  reserve: (id, { by, now, until }) =>
    TE.tryCatch(
      () =>
        dynamo()
          .send(
            new UpdateItemCommand({
              TableName: table,
              Key: key(id),
              UpdateExpression: "SET announcing_for = :by, announcing_until = :until",
              ConditionExpression: `#status = :received AND (${UNRESERVED})`,
              ExpressionAttributeNames: { "#status": "status" },
              ExpressionAttributeValues: {
                ":by": { S: by },
                ":until": { N: String(until) },
                ":now": { N: String(now) },
                ":longest": { N: String(now + LONGEST_MS) },
                ":received": { S: "received" },
              },
            }),
            { abortSignal: signal },
          )
          .then(
            () => true,
            (thrown: unknown) => {
              if (thrown instanceof ConditionalCheckFailedException) return false;
              throw thrown;
            },
          ),
      portError("reserving an announcement"),
    ),
});
