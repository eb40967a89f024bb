import { BatchGetItemCommand, QueryCommand, type QueryCommandInput } from "@aws-sdk/client-dynamodb";
import { type Context, ordersTable } from "../context";
import type { Count, Order, OrdersPage } from "../shapes";
import { type Status, STATUSES } from "../statuses";
import { type Item, orderIn } from "./order-item";

/** How the table is spread: `functions/tables.ts` and `functions/adapters/order-item.ts`, held together by a test. */
export const ORDER_INDEXES = {
  shards: 8,
  listed: { name: "listed", hash: "listed_shard", range: "listed_at" },
  inFlight: { name: "in-flight", hash: "in_flight_shard", range: "in_flight_since" },
  decided: { name: "decided", hash: "decided_shard", range: "decided_since" },
} as const;

type Index = (typeof ORDER_INDEXES)["listed" | "inFlight" | "decided"];

export const isInFlight = (status: Status): boolean => status === "received" || status === "submitted";

const indexOf = (status: Status | undefined): Index => {
  if (status === undefined) return ORDER_INDEXES.listed;
  return isInFlight(status) ? ORDER_INDEXES.inFlight : ORDER_INDEXES.decided;
};

const shardsOf = (status: Status | undefined): ReadonlyArray<string> =>
  Array.from({ length: ORDER_INDEXES.shards }, (_, shard) =>
    status === undefined ? String(shard) : `${status}#${shard}`,
  );

const table = (context: Context): string => {
  const name = ordersTable(context);
  if (name === undefined) throw new Error("the stack has no output orders_table");
  return name;
};

/** What is asked of each shard; a condition is named `#shard = :shard AND …`. */
type Asked = Omit<QueryCommandInput, "TableName" | "IndexName">;

/** One query for each shard of the index that has a status's orders. */
export const queryShards = (context: Context, status: Status | undefined, asked: Asked) => {
  const { name, hash } = indexOf(status);
  return Promise.all(
    shardsOf(status).map((shard) =>
      context.aws.dynamo.send(
        new QueryCommand({
          TableName: table(context),
          IndexName: name,
          KeyConditionExpression: "#shard = :shard",
          ...asked,
          ExpressionAttributeNames: { "#shard": hash, ...asked.ExpressionAttributeNames },
          ExpressionAttributeValues: { ":shard": { S: shard }, ...asked.ExpressionAttributeValues },
        }),
      ),
    ),
  );
};

type Row = { readonly id: number; readonly place: string };

/** The newest rows before a place, of all shards. */
const rowsBefore = async (
  context: Context,
  status: Status | undefined,
  before: string | undefined,
  limit: number,
): Promise<ReadonlyArray<Row>> => {
  const { range } = indexOf(status);
  const pages = await queryShards(context, status, {
    Limit: limit,
    ScanIndexForward: false,
    ProjectionExpression: "order_id, #place",
    ExpressionAttributeNames: { "#place": range },
    ...(before === undefined
      ? {}
      : {
          KeyConditionExpression: "#shard = :shard AND #place < :before",
          ExpressionAttributeValues: { ":before": { S: before } },
        }),
  });
  return pages
    .flatMap(({ Items = [] }) => Items)
    .flatMap((item): ReadonlyArray<Row> => {
      const place = item[range]?.S;
      return place === undefined ? [] : [{ id: Number(item["order_id"]?.N), place }];
    })
    .toSorted((a, b) => (a.place < b.place ? 1 : -1))
    .slice(0, limit);
};

/** At most 100: a batch of DynamoDB's. */
const ordersWith = async (context: Context, ids: ReadonlyArray<number>): Promise<ReadonlyArray<Order>> => {
  if (ids.length === 0) return [];
  const name = table(context);
  const found: Item[] = [];
  let keys = ids.map((id) => ({ order_id: { N: String(id) } }));
  for (let round = 0; round < 5 && keys.length > 0; round += 1) {
    const { Responses, UnprocessedKeys } = await context.aws.dynamo.send(
      new BatchGetItemCommand({ RequestItems: { [name]: { Keys: keys } } }),
    );
    found.push(...(Responses?.[name] ?? []));
    keys = (UnprocessedKeys?.[name]?.Keys ?? []).flatMap(({ order_id }) =>
      order_id?.N === undefined ? [] : [{ order_id: { N: order_id.N } }],
    );
  }
  const byId = new Map(found.flatMap((item) => orderIn(item) ?? []).map((order) => [order.order_id, order]));
  return ids.flatMap((id) => byId.get(id) ?? []);
};

export type OrdersQuery = {
  readonly status?: Status;
  /** Part of a product's name, in any case. */
  readonly product?: string;
  /** Where an earlier page ended. */
  readonly cursor?: string;
};

const PAGE = 50;
/** How many orders one request looks at for those of a product. */
const MOST_LOOKED_AT = 1_000;
const BATCH = 100;

/** A page of orders, the newest first. Of a product it may be short, and go on. */
export const listOrders = async (
  context: Context,
  { status, product = "", cursor }: OrdersQuery,
): Promise<OrdersPage> => {
  const wanted = product.toLowerCase();
  const orders: Order[] = [];
  let looked = 0;
  let before = cursor;
  const limit = wanted === "" ? PAGE : BATCH;
  for (;;) {
    const rows = await rowsBefore(context, status, before, limit);
    const matching = (
      await ordersWith(
        context,
        rows.map(({ id }) => id),
      )
    ).filter(
      (order) =>
        (status === undefined || order.status === status) && order.product.toLowerCase().includes(wanted),
    );
    orders.push(...matching);
    looked += rows.length;
    before = rows.at(-1)?.place;
    if (rows.length < limit || before === undefined) return { orders, looked };
    if (orders.length >= PAGE || looked >= MOST_LOOKED_AT || wanted === "")
      return { orders, looked, cursor: before };
  }
};

/** A status's orders are counted up to so many in each shard. */
const COUNTED_A_SHARD = 125;

const countOf = async (context: Context, status: Status): Promise<Count> => {
  const counts = await queryShards(context, status, { Select: "COUNT", Limit: COUNTED_A_SHARD });
  return {
    status,
    count: counts.reduce((sum, { Count = 0 }) => sum + Count, 0),
    more: counts.some(({ LastEvaluatedKey }) => LastEvaluatedKey !== undefined),
  };
};

export const countOrders = (context: Context): Promise<ReadonlyArray<Count>> =>
  Promise.all(STATUSES.map((status) => countOf(context, status)));
