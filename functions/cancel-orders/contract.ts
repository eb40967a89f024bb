import { contract } from "../contract";

export const CANCEL_ORDERS = contract({
  name: "cancel-orders",
  uses: { ORDERS_TABLE: { table: ["batch-get", "change"] } },
  settings: {},
  auction: "withdraw",
});

export const CANCEL_ROUTES = ["DELETE /orders/{order_id}"] as const;
