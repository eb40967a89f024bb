/** The pages of results that are out, written once each, beside the orders. */
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { faultLines } from "../../lib/faults";
import { jsonOrUndefined } from "../../lib/json";
import { getItem, hasPut } from "../adapters/dynamo";
import { Result } from "../domain/results";
import { permanent, type PortError } from "../ports/errors";

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
    getItem(OPERATION, signal, { TableName: table, Key: pageKey(number), ConsistentRead: true }),
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
  hasPut("publishing results", signal, {
    TableName: table,
    Item: { ...pageKey(number), results: { S: JSON.stringify(results) } },
    ConditionExpression: "attribute_not_exists(order_id)",
  });
