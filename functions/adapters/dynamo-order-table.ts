import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as RNEA from "fp-ts/ReadonlyNonEmptyArray";
import * as TE from "fp-ts/TaskEither";
import { OrderId } from "../domain/order";
import { type Status, statusesBefore } from "../domain/status";
import { type Change, statusAfter, type StoredOrder } from "../domain/stored-order";
import { traverseBounded } from "../fp/bounded";
import type { OrderPage, OrderTable } from "../ports/capabilities";
import { type PortError, transient } from "../ports/errors";
import { portError } from "./aws-error";
import { dynamo } from "./clients";
import {
  fromItem,
  IN_FLIGHT,
  indexOf,
  type Item,
  key,
  newItem,
  shardKey,
  SHARDS,
  written,
} from "./order-item";

const BATCH_GET_LIMIT = 100;
const QUERIES_AT_ONCE = 16;

const decodeItems = (items: ReadonlyArray<Item>): TE.TaskEither<PortError, ReadonlyArray<StoredOrder>> =>
  TE.fromEither(pipe(items, RA.traverse(E.Applicative)(fromItem)));

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

/** Asks again at once for keys the table left out; what it keeps leaving out is a throttled table. */
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
      TE.flatMap((batches) => decodeItems(batches.flat())),
      TE.map((orders) => new Map(orders.map((order) => [order.order_id, order]))),
    );

const change =
  (table: string, signal: AbortSignal): OrderTable["change"] =>
  (id, change: Change) => {
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

type ShardQuery = {
  readonly status: Status;
  readonly limit: number;
  readonly before?: string;
  readonly newestFirst: boolean;
};

/** One query per shard of a status, each bounded by `limit`; never a scan. */
const queryShards =
  (table: string, signal: AbortSignal) =>
  ({ status, limit, before, newestFirst }: ShardQuery): TE.TaskEither<PortError, ReadonlyArray<Item>> => {
    const index = indexOf(status);
    const query = (shard: number) =>
      TE.tryCatch(
        () =>
          dynamo().send(
            new QueryCommand({
              TableName: table,
              IndexName: index.name,
              Limit: limit,
              ScanIndexForward: !newestFirst,
              KeyConditionExpression: `#shard = :shard${before === undefined ? "" : " AND #since < :before"}`,
              ExpressionAttributeNames: {
                "#shard": index.hash,
                ...(before === undefined ? {} : { "#since": index.range }),
              },
              ExpressionAttributeValues: {
                ":shard": { S: shardKey(status, shard) },
                ...(before === undefined ? {} : { ":before": { S: before } }),
              },
            }),
            { abortSignal: signal },
          ),
        portError("listing orders"),
      );
    return pipe(
      RA.makeBy(SHARDS, (shard) => shard),
      traverseBounded(QUERIES_AT_ONCE)(query),
      TE.map(RA.flatMap(({ Items }) => Items ?? [])),
    );
  };

const place = (item: Item): string => item[IN_FLIGHT.range]?.S ?? item["decided_since"]?.S ?? "";

const list =
  (table: string, signal: AbortSignal): OrderTable["list"] =>
  ({ statuses, limit, after }) =>
    pipe(
      statuses,
      traverseBounded(2)((status: Status) =>
        queryShards(
          table,
          signal,
        )({
          status,
          limit,
          newestFirst: true,
          ...(after === undefined ? {} : { before: after }),
        }),
      ),
      TE.map((found) => found.flat().sort((a, b) => (place(a) < place(b) ? 1 : -1))),
      TE.flatMap((sorted) => {
        const page = sorted.slice(0, limit);
        const last = page.at(-1);
        return pipe(
          decodeItems(page),
          TE.map((orders): OrderPage => ({
            orders,
            ...(sorted.length > limit && last !== undefined ? { next: place(last) } : {}),
          })),
        );
      }),
    );

const waiting =
  (table: string, signal: AbortSignal): OrderTable["waiting"] =>
  ({ status, before, limit }) =>
    pipe(
      queryShards(table, signal)({ status, limit, before: before.toISOString(), newestFirst: false }),
      TE.flatMap(decodeItems),
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
  list: list(table, signal),
  waiting: waiting(table, signal),
  ping: ping(table, signal),
});
