import {
  ConditionalCheckFailedException,
  PutItemCommand,
  type PutItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import * as TE from "fp-ts/TaskEither";
import { portError } from "../adapters/aws-error";
import { dynamo } from "../adapters/clients";
import type { PortError } from "../ports/errors";

/** Puts an item of the ledger that is not there yet; whether it was this call that put it. */
export const putNew = (
  operation: string,
  table: string,
  item: NonNullable<PutItemCommandInput["Item"]>,
  signal: AbortSignal,
): TE.TaskEither<PortError, boolean> =>
  TE.tryCatch(
    () =>
      dynamo()
        .send(
          new PutItemCommand({
            TableName: table,
            Item: item,
            ConditionExpression: "attribute_not_exists(order_id)",
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
    portError(operation),
  );
