/** The pages of results that are out, written once each, beside the orders. */
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { faultLines } from "../../lib/faults";
import { jsonOrUndefined } from "../../lib/json";
import { portError } from "../adapters/aws-error";
import { dynamo } from "../adapters/clients";
import { Result } from "../domain/results";
import { permanent, type PortError } from "../ports/errors";
import { putNew } from "./put-new";

const OPERATION = "reading results";

/** Pages stand under negative numbers: no order has one. */
const pageKey = (number: number) => ({ order_id: { N: String(-number) } });

const Page = t.type({ results: t.type({ S: t.string }) });
const Results = t.readonlyArray(Result);

export const readPage = (
  table: string,
  number: number,
  signal: AbortSignal,
): TE.TaskEither<PortError, ReadonlyArray<Result> | undefined> =>
  pipe(
    TE.tryCatch(
      () =>
        dynamo().send(new GetItemCommand({ TableName: table, Key: pageKey(number), ConsistentRead: true }), {
          abortSignal: signal,
        }),
      portError(OPERATION),
    ),
    TE.flatMapEither(({ Item }) =>
      Item === undefined
        ? E.right(undefined)
        : pipe(
            Page.decode(Item),
            E.flatMap(({ results }) => Results.decode(jsonOrUndefined(results.S))),
            E.mapLeft((errors) => permanent(OPERATION, faultLines(errors))),
          ),
    ),
  );

/** False where another wrote this page first. */
export const writePage = (
  table: string,
  number: number,
  results: ReadonlyArray<Result>,
  signal: AbortSignal,
): TE.TaskEither<PortError, boolean> =>
  putNew(
    "publishing results",
    table,
    { ...pageKey(number), results: { S: JSON.stringify(results) } },
    signal,
  );
