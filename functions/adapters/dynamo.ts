/**
 * DynamoDB's operations, each given up when its signal is.
 *
 * @param operation what an error says has failed
 */
import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  ConditionalCheckFailedException,
  GetItemCommand,
  type GetItemCommandInput,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import * as TE from "fp-ts/TaskEither";
import type { PortError } from "../ports/errors";
import { portError } from "./aws-error";
import { dynamo, dynamoOnce } from "./clients";

export const getItem = (operation: string, abortSignal: AbortSignal, input: GetItemCommandInput) =>
  TE.tryCatch(() => dynamo().send(new GetItemCommand(input), { abortSignal }), portError(operation));

export const batchGet = (operation: string, abortSignal: AbortSignal, input: BatchGetItemCommandInput) =>
  TE.tryCatch(() => dynamo().send(new BatchGetItemCommand(input), { abortSignal }), portError(operation));

export const query = (operation: string, abortSignal: AbortSignal, input: QueryCommandInput) =>
  TE.tryCatch(() => dynamo().send(new QueryCommand(input), { abortSignal }), portError(operation));

export const updateItem = (operation: string, abortSignal: AbortSignal, input: UpdateItemCommandInput) =>
  TE.tryCatch(() => dynamo().send(new UpdateItemCommand(input), { abortSignal }), portError(operation));

/** What a conditional write answers; undefined where its condition did not hold, which is no error. */
const ifHeld = <A>(
  operation: string,
  write: () => Promise<A>,
  notIdempotent = false,
): TE.TaskEither<PortError, A | undefined> =>
  TE.tryCatch(
    () =>
      write().catch((thrown: unknown) => {
        if (thrown instanceof ConditionalCheckFailedException) return undefined;
        throw thrown;
      }),
    portError(operation, notIdempotent),
  );

const hasHeld = TE.map((answer: object | undefined) => answer !== undefined);

/** @param client `dynamoOnce` for an update that must not be done twice */
export const updateIfHeld = (
  operation: string,
  abortSignal: AbortSignal,
  input: UpdateItemCommandInput,
  client = dynamo,
) =>
  ifHeld(
    operation,
    () => client().send(new UpdateItemCommand(input), { abortSignal }),
    client === dynamoOnce,
  );

/** Whether the condition of an update held. */
export const hasUpdated = (operation: string, abortSignal: AbortSignal, input: UpdateItemCommandInput) =>
  hasHeld(updateIfHeld(operation, abortSignal, input));

/** Whether the condition of a put held. */
export const hasPut = (operation: string, abortSignal: AbortSignal, input: PutItemCommandInput) =>
  hasHeld(ifHeld(operation, () => dynamo().send(new PutItemCommand(input), { abortSignal })));
