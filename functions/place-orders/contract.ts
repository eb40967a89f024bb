import { contract, WholeNumber } from "../contract";

export const PLACE_ORDERS = contract({
  name: "place-orders",
  uses: {
    ORDERS_TABLE: { table: ["insert", "batch-get"] },
    CHECKPOINTS_TABLE: { table: ["get"] },
    ORDERS_QUEUE_URL: { queue: ["send"] },
  },
  settings: { GATE_MARGIN_SECONDS: WholeNumber },
});

export const PLACE_ROUTES = ["POST /orders"] as const;
