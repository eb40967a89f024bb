/** Awarded power by product. It is no metric, since products are free text, but stands in the orders themselves. */
import type { Context } from "../context";
import type { Awarded } from "../shapes";
import { type Item, orderIn } from "./order-item";
import { ORDER_INDEXES, queryShards } from "./orders";

/** The newest accepted orders of each shard are looked at: 2,000 of all eight. */
const MOST_A_SHARD = 250;
const MOST_PRODUCTS = 20;

const { range } = ORDER_INDEXES.decided;

/** Orders of one shard, the newest first; cut where there are more. */
export type Shard = { readonly items: ReadonlyArray<Item>; readonly cut: boolean };

const placeOf = (item: Item): string => item[range]?.S ?? "";

/**
 * Sums the orders since a time. Where a shard was not read to its end, all are summed since the oldest that was read
 * of it: before, some would be missing.
 */
export const awardedIn = (shards: ReadonlyArray<Shard>, from: string): Awarded => {
  const cut = shards.filter((shard) => shard.cut);
  const since =
    [from, ...cut.map(({ items }) => items.map(placeOf).at(-1) ?? from)].toSorted().at(-1) ?? from;
  const items = shards.flatMap((shard) => shard.items).filter((item) => placeOf(item) >= since);
  const orders = items.flatMap((item) => orderIn(item) ?? []);
  const products = [...Map.groupBy(orders, ({ product }) => product)].map(([product, some]) => {
    const powers = some.map(({ power, awarded_power }) => awarded_power ?? power);
    const sum = (sign: 1 | -1): number =>
      powers.filter((power) => power * sign > 0).reduce((total, power) => total + Math.abs(power), 0);
    return { product, orders: some.length, bought: sum(1), sold: sum(-1) };
  });
  const largest = products.toSorted(
    (a, b) => b.bought + b.sold - a.bought - a.sold || (a.product < b.product ? -1 : 1),
  );
  return {
    since: since.replace(/#.*/, ""),
    orders: orders.length,
    cut: cut.length > 0,
    products: largest.slice(0, MOST_PRODUCTS),
    more: Math.max(0, largest.length - MOST_PRODUCTS),
  };
};

/**
 * @param span that a reading is known by
 * @param from a time in ISO 8601
 */
export const readAwarded = (context: Context, span: string, from: string): Promise<Awarded> =>
  context.awarded(span, async () => {
    const pages = await queryShards(context, "accepted", {
      Limit: MOST_A_SHARD,
      ScanIndexForward: false,
      KeyConditionExpression: "#shard = :shard AND #place >= :from",
      ProjectionExpression: "order_id, product, #power, #status, received_at, awarded_power, #place",
      ExpressionAttributeNames: { "#place": range, "#power": "power", "#status": "status" },
      ExpressionAttributeValues: { ":from": { S: from } },
    });
    return awardedIn(
      pages.map(({ Items = [], LastEvaluatedKey }) => ({
        items: Items,
        cut: LastEvaluatedKey !== undefined,
      })),
      from,
    );
  });
