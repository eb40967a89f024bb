import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as TE from "fp-ts/TaskEither";
import { OrderId } from "../domain/order";
import { type Status, statusesBefore } from "../domain/status";
import { type Change, statusAfter } from "../domain/stored-order";
import { traverseBounded } from "../fp/bounded";
import type { OrderTable } from "../ports/capabilities";
import { type PortError, transient } from "../ports/errors";
import { batchGet, getItem } from "./dynamo";
import { type Condition, conditionalWrites, insertion, update } from "./conditional-writes";
import { unreservedAt } from "./dynamo-announcements";
import { list, waiting } from "./order-indexes";
import {
  ARCHIVE_KEY,
  ATTEMPTS,
  ATTEMPTS_NOTED,
  fromItem,
  type Item,
  key,
  newItem,
  UNREADABLE_REPORTED_AT,
  written,
} from "./order-item";

const BATCH_GET_LIMIT = 100;

type Write = ReturnType<typeof conditionalWrites>;

const insert =
  (table: string, write: Write): OrderTable["insert"] =>
  (order) =>
    pipe(
      write(insertion("storing an order", table, key(order.order_id), newItem(order))),
      TE.map((isNew) => (isNew ? "inserted" : "exists")),
    );

/** Asks again at once for keys the table left out; a table that keeps leaving some out is throttled. */
const readItems =
  (table: string, signal: AbortSignal) =>
  (ids: ReadonlyArray<OrderId>, round = 0): TE.TaskEither<PortError, ReadonlyArray<Item>> =>
    pipe(
      batchGet("reading orders", signal, {
        RequestItems: { [table]: { Keys: ids.map(key), ConsistentRead: true } },
      }),
      TE.flatMap(({ Responses, UnprocessedKeys }) => {
        const found = Responses?.[table] ?? [];
        const left = (UnprocessedKeys?.[table]?.Keys ?? []).map(({ order_id }) => Number(order_id?.N));
        if (left.length === 0) return TE.right(found);
        if (round === 5)
          return TE.left(transient("reading orders", `${left.length} keys stayed unprocessed`));
        return pipe(
          readItems(table, signal)(left.filter(OrderId.is), round + 1),
          TE.map((rest) => [...found, ...rest]),
        );
      }),
    );

const get =
  (table: string, signal: AbortSignal): OrderTable["get"] =>
  (ids) =>
    pipe(
      [...new Set(ids)],
      RA.chunksOf(BATCH_GET_LIMIT),
      traverseBounded(4)((chunk: ReadonlyArray<OrderId>) => readItems(table, signal)(chunk)),
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

/** The statuses that a change may happen in. */
const required = (change: Change): ReadonlyArray<Status> => {
  const after = statusAfter(change);
  if ("keeps" in after) return after.keeps;
  return change._tag === "Cancelled" ? [change.from] : statusesBefore(after.to);
};

const UNSENT = `"${ATTEMPTS}" IS MISSING`;

/**
 * What must hold besides: what ends unsent was never sent, and nobody is about to tell people of another end; an order
 * that is archived stands in no object yet.
 */
const besides = (
  change: Change,
): { readonly text: ReadonlyArray<string>; readonly values: Condition["values"] } => {
  if (change._tag === "Expired") return { text: [UNSENT], values: [] };
  if (change._tag === "Archived") return { text: [`"${ARCHIVE_KEY}" IS MISSING`], values: [] };
  if (change._tag !== "Cancelled" || change.from !== "received") return { text: [], values: [] };
  const unreserved = unreservedAt(Date.parse(change.at));
  return {
    text: [UNSENT, `"${ATTEMPTS_NOTED}" = ?`, `(${unreserved.text})`],
    values: [{ S: "always" }, ...unreserved.values],
  };
};

const change =
  (table: string, write: Write): OrderTable["change"] =>
  (id, change) => {
    const expected = required(change);
    const { text, values } = besides(change);
    return write(
      update("changing an order", table, key(id), written(id, change), {
        text: [`"status" IN [${expected.map(() => "?").join(", ")}]`, ...text].join(" AND "),
        values: [...expected.map((status) => ({ S: status })), ...values],
      }),
    );
  };

/** False where the order is gone: there is nothing to announce either. */
const markReported =
  (table: string, write: Write): OrderTable["markReported"] =>
  (id, at) =>
    pipe(
      write(
        update("marking an order as reported", table, key(id), {
          set: { [UNREADABLE_REPORTED_AT]: { S: at } },
        }),
      ),
      TE.asUnit,
    );

const ping = (table: string, signal: AbortSignal): OrderTable["ping"] =>
  pipe(
    // No order has this id: the cheapest read there is.
    getItem("asking the table", signal, { TableName: table, Key: { order_id: { N: "0" } } }),
    TE.asUnit,
  );

/** The orders table on DynamoDB. Every write states the status it expects. */
export const dynamoOrderTable = (table: string, signal: AbortSignal): OrderTable => {
  const write = conditionalWrites(signal);
  return {
    insert: insert(table, write),
    get: get(table, signal),
    change: change(table, write),
    markReported: markReported(table, write),
    list: list(table, signal),
    waiting: waiting(table, signal),
    ping: ping(table, signal),
  };
};
