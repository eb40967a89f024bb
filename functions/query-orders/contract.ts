import { contract } from "../contract";
import { DECIDED, DELIVERED, IN_FLIGHT, LISTED } from "../tables";

export const QUERY_ORDERS = contract({
  name: "query-orders",
  uses: {
    ORDERS_TABLE: {
      table: ["get", "batch-get"],
      query: [IN_FLIGHT, DECIDED, LISTED, DELIVERED].map(({ name }) => name),
    },
    CHECKPOINTS_TABLE: { table: ["get"] },
  },
  settings: {},
});

export const QUERY_ROUTES = ["GET /orders", "GET /orders/{order_id}", "GET /health"] as const;
