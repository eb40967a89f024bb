import { ChangeMessageVisibilityBatchCommand } from "@aws-sdk/client-sqs";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { Deliveries } from "../ports/capabilities";
import { permanent } from "../ports/errors";
import { portError } from "./aws-error";
import { sqs } from "./clients";

const OPERATION = "postponing messages";

/** Messages of an SQS queue that a function is handling: a batch, which has at most ten. */
export const sqsDeliveries = (url: string, signal: AbortSignal): Deliveries => ({
  postpone: (messages) =>
    messages.length === 0
      ? TE.right(undefined)
      : pipe(
          TE.tryCatch(
            () =>
              sqs().send(
                new ChangeMessageVisibilityBatchCommand({
                  QueueUrl: url,
                  Entries: messages.map(({ receipt, seconds }, index) => ({
                    Id: String(index),
                    ReceiptHandle: receipt,
                    VisibilityTimeout: seconds,
                  })),
                }),
                { abortSignal: signal },
              ),
            portError(OPERATION),
          ),
          TE.flatMapEither(({ Failed = [] }) =>
            Failed[0] === undefined
              ? E.right(undefined)
              : E.left(permanent(OPERATION, `${Failed.length} failed, first: ${Failed[0].Code}`)),
          ),
        ),
});
