import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as T from "fp-ts/Task";
import * as TE from "fp-ts/TaskEither";
import type { OrderId } from "../domain/order";
import { QueueMessage } from "../domain/queue-message";
import { traverseAll } from "../fp/bounded";
import type { OrderQueue } from "../ports/capabilities";
import type { PortError } from "../ports/errors";
import { portError } from "./aws-error";
import { sqs } from "./clients";

const BATCH_LIMIT = 10;
const BATCHES_AT_ONCE = 8;

const sendBatch =
  (url: string, signal: AbortSignal) =>
  (messages: ReadonlyArray<QueueMessage>): TE.TaskEither<PortError, ReadonlyArray<OrderId>> =>
    pipe(
      TE.tryCatch(
        () =>
          sqs().send(
            new SendMessageBatchCommand({
              QueueUrl: url,
              Entries: messages.map((message, index) => ({
                Id: String(index),
                MessageBody: JSON.stringify(QueueMessage.encode(message)),
              })),
            }),
            { abortSignal: signal },
          ),
        portError("queueing orders"),
      ),
      TE.map(({ Failed = [] }) =>
        Failed.flatMap(({ Id }) => messages.filter((_, index) => String(index) === Id)).map(
          ({ order_id }) => order_id,
        ),
      ),
    );

/** The orders queue on SQS. A batch that cannot be sent does not keep the others from being sent. */
export const sqsOrderQueue = (url: string, signal: AbortSignal): OrderQueue => ({
  send: (messages) =>
    pipe(
      messages,
      RA.chunksOf(BATCH_LIMIT),
      traverseAll(BATCHES_AT_ONCE)((batch: ReadonlyArray<QueueMessage>) =>
        pipe(
          sendBatch(url, signal)(batch),
          TE.getOrElse(() => T.of<ReadonlyArray<OrderId>>(batch.map(({ order_id }) => order_id))),
        ),
      ),
      T.map((left) => left.flat()),
      TE.fromTask,
    ),
});
