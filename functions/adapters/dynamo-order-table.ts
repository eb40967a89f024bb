import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { pipe } from "fp-ts/function";
import * as RNEA from "fp-ts/ReadonlyNonEmptyArray";
import * as TE from "fp-ts/TaskEither";
import { OrderId } from "../domain/order";
import { statusesBefore } from "../domain/status";
import { statusAfter } from "../domain/stored-order";
import { traverseBounded } from "../fp/bounded";
import type { OrderTable } from "../ports/capabilities";
import { type PortError, transient } from "../ports/errors";
import { portError } from "./aws-error";
import { dynamo } from "./clients";
import { list, waiting } from "./order-indexes";
import { fromItem, type Item, key, newItem, UNREADABLE_REPORTED_AT, written } from "./order-item";

const BATCH_GET_LIMIT = 100;

/** A condition that did not hold is an answer, not an error. */
const conditional = (operation: string, write: () => Promise<unknown>): TE.TaskEither<PortError, boolean> =>
  TE.tryCatch(
    () =>
      write().then(
        () => true,
        (thrown: unknown) => {
          if (thrown instanceof ConditionalCheckFailedException) return false;
          throw thrown;
        },
      ),
    portError(operation),
  );

const insert =
  (table: string, signal: AbortSignal): OrderTable["insert"] =>
  (order) =>
    pipe(
      conditional("storing an order", () =>
        dynamo().send(
          new PutItemCommand({
            TableName: table,
            Item: newItem(order),
            ConditionExpression: "attribute_not_exists(order_id)",
          }),
          { abortSignal: signal },
        ),
      ),
      TE.map((isNew) => (isNew ? "inserted" : "exists")),
    );

/** Asks again at once for keys the table left out; a table that keeps leaving some out is throttled. */
const batchGet =
  (table: string, signal: AbortSignal) =>
  (ids: ReadonlyArray<OrderId>, round = 0): TE.TaskEither<PortError, ReadonlyArray<Item>> =>
    pipe(
      TE.tryCatch(
        () =>
          dynamo().send(
            new BatchGetItemCommand({
              RequestItems: { [table]: { Keys: ids.map(key), ConsistentRead: true } },
            }),
            { abortSignal: signal },
          ),
        portError("reading orders"),
      ),
      TE.flatMap(({ Responses, UnprocessedKeys }) => {
        const found = Responses?.[table] ?? [];
        const left = (UnprocessedKeys?.[table]?.Keys ?? []).map(({ order_id }) => Number(order_id?.N));
        if (left.length === 0) return TE.right(found);
        if (round === 5)
          return TE.left(transient("reading orders", `${left.length} keys stayed unprocessed`));
        return pipe(
          batchGet(table, signal)(left.filter(OrderId.is), round + 1),
          TE.map((rest) => [...found, ...rest]),
        );
      }),
    );

const get =
  (table: string, signal: AbortSignal): OrderTable["get"] =>
  (ids) =>
    pipe(
      RNEA.fromReadonlyArray([...new Set(ids)]),
      (some) => (some._tag === "None" ? [] : RNEA.chunksOf(BATCH_GET_LIMIT)(some.value)),
      traverseBounded(4)((chunk: ReadonlyArray<OrderId>) => batchGet(table, signal)(chunk)),
      TE.map(
        (batches) =>
          new Map(
            batches.flat().flatMap((item) => {
              const id = Number(item["order_id"]?.N);
              return OrderId.is(id) ? [[id, fromItem(id, item)] as const] : [];
            }),
          ),
      ),
    );

const change =
  (table: string, signal: AbortSignal): OrderTable["change"] =>
  (id, change) => {
    const after = statusAfter(change);
    const expected = "to" in after ? statusesBefore(after.to) : [after.keeps];
    const { set, remove } = written(id, change);
    const names = [...Object.keys(set), ...remove, "status"];
    const counts = change._tag === "Requeued" ? " ADD #requeues :one" : "";
    return conditional("changing an order", () =>
      dynamo().send(
        new UpdateItemCommand({
          TableName: table,
          Key: key(id),
          UpdateExpression: [
            `SET ${Object.keys(set)
              .map((name) => `#${name} = :${name}`)
              .join(", ")}`,
            remove.length === 0 ? "" : ` REMOVE ${remove.map((name) => `#${name}`).join(", ")}`,
            counts,
          ].join(""),
          ConditionExpression: `#status IN (${expected.map((status) => `:was_${status}`).join(", ")})`,
          ExpressionAttributeNames: Object.fromEntries(
            [...names, ...(counts === "" ? [] : ["requeues"])].map((name) => [`#${name}`, name]),
          ),
          ExpressionAttributeValues: {
            ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
            ...Object.fromEntries(expected.map((status) => [`:was_${status}`, { S: status }])),
            ...(counts === "" ? {} : { ":one": { N: "1" } }),
          },
        }),
        { abortSignal: signal },
      ),
    );
  };

/** False where the order is gone: there is nothing to announce either. */
const markReported =
  (table: string, signal: AbortSignal): OrderTable["markReported"] =>
  (id, at) =>
    pipe(
      conditional("marking an order as reported", () =>
        dynamo().send(
          new UpdateItemCommand({
            TableName: table,
            Key: key(id),
            UpdateExpression: "SET #reported = :at",
            ConditionExpression: "attribute_exists(order_id)",
            ExpressionAttributeNames: { "#reported": UNREADABLE_REPORTED_AT },
            ExpressionAttributeValues: { ":at": { S: at } },
          }),
          { abortSignal: signal },
        ),
      ),
      TE.asUnit,
    );

const ping = (table: string, signal: AbortSignal): OrderTable["ping"] =>
  TE.tryCatch(async () => {
    // No order has this id: the cheapest read there is.
    await dynamo().send(new GetItemCommand({ TableName: table, Key: { order_id: { N: "0" } } }), {
      abortSignal: signal,
    });
  }, portError("asking the table"));

/** The orders table on DynamoDB. Every write states the status it expects. */
export const dynamoOrderTable = (table: string, signal: AbortSignal): OrderTable => ({
  insert: insert(table, signal),
  get: get(table, signal),
  change: change(table, signal),
  markReported: markReported(table, signal),
  list: list(table, signal),
  waiting: waiting(table, signal),
  ping: ping(table, signal),
});
