/** The tables as the stack declares them and the adapters read them. */

type Index = {
  readonly name: string;
  readonly hash: string;
  readonly range: string;
  readonly holds?: "keys";
};

const text = (name: string) => ({ name, type: "S" }) as const;

const declared = ({ hash, range, ...index }: Index) => ({ ...index, hash: text(hash), range: text(range) });

/** The two sparse indexes, by when an order got its status: its place is fixed for as long as it has that. */
export const IN_FLIGHT = { name: "in-flight", hash: "in_flight_shard", range: "in_flight_since" } as const;
export const DECIDED = { name: "decided", hash: "decided_shard", range: "decided_since" } as const;

/**
 * Orders by when they were received: keys that never change, so that no change hides an order from a walk. Those
 * stored by release 0.1.0 have none.
 */
export const LISTED = { name: "listed", hash: "listed_shard", range: "listed_at", holds: "keys" } as const;

/** Orders that say when they are delivered, by that. Keys that never change: an order's status costs no write here. */
export const DELIVERED = {
  name: "delivered",
  hash: "delivered_shard",
  range: "delivered_from",
  holds: "keys",
} as const;

export const ORDERS = {
  hash: { name: "order_id", type: "N" },
  indexes: [IN_FLIGHT, DECIDED, LISTED, DELIVERED].map(declared),
  ttlAttribute: "expires_at",
} as const;

/** Where reading the results feed stands, and whether trading is halted: an item each, by their names. */
export const CHECKPOINTS = { hash: text("name") };

/** What was ordered of each product in the last 24 hours, where its environment limits that. */
export const SUMS = { hash: text("product"), ttlAttribute: "expires_at" } as const;

/** The simulator's results in the order in which they come out. */
export const FEED = { name: "feed", hash: "feed", range: "decided_since" } as const;

/** The simulated auction's orders, its results and their pages. */
export const LEDGER = {
  hash: { name: "order_id", type: "N" },
  indexes: [declared(FEED)],
} as const;
