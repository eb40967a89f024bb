import { ChangeMessageVisibilityBatchCommand } from "@aws-sdk/client-sqs";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as T from "fp-ts/Task";
import * as TE from "fp-ts/TaskEither";
import { traverseAll } from "../fp/bounded";
import type { Deliveries, Postponed } from "../ports/capabilities";
import { permanent, type PortError } from "../ports/errors";
import { portError } from "./aws-error";
import { sqs } from "./clients";

const OPERATION = "postponing messages";
/** What one request may hold. */
const BATCH = 10;
const REQUESTS_AT_ONCE = 5;

const postpone =
  (url: string, signal: AbortSignal) =>
  (messages: ReadonlyArray<Postponed>): TE.TaskEither<PortError, void> =>
    pipe(
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
    );

/** Messages of an SQS queue that a function is handling. */
export const sqsDeliveries = (url: string, signal: AbortSignal): Deliveries => ({
  postpone: (messages) =>
    pipe(
      messages,
      RA.chunksOf(BATCH),
      // A request that fails keeps no other from being sent.
      traverseAll(REQUESTS_AT_ONCE)(postpone(url, signal)),
      T.map(E.sequenceArray),
      TE.asUnit,
    ),
});
