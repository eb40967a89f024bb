import { PutItemCommand, type PutItemCommandInput } from "@aws-sdk/client-dynamodb";
import type * as TE from "fp-ts/TaskEither";
import { dynamo } from "../adapters/clients";
import { conditional } from "../adapters/conditional";
import type { PortError } from "../ports/errors";

/** Puts an item of the ledger that is not there yet; whether it was this call that put it. */
export const putNew = (
  operation: string,
  table: string,
  item: NonNullable<PutItemCommandInput["Item"]>,
  signal: AbortSignal,
): TE.TaskEither<PortError, boolean> =>
  conditional(operation, () =>
    dynamo().send(
      new PutItemCommand({
        TableName: table,
        Item: item,
        ConditionExpression: "attribute_not_exists(order_id)",
      }),
      { abortSignal: signal },
    ),
  );
