import { contract, inJson, WholeNumber } from "../contract";
import { Limits } from "../domain/limits";

export const PLACE_ORDERS = contract({
  name: "place-orders",
  uses: {
    ORDERS_TABLE: { table: ["insert", "batch-get"] },
    CHECKPOINTS_TABLE: { table: ["get"] },
    SUMS_TABLE: { table: ["get", "update"] },
    ORDERS_QUEUE_URL: { queue: ["send"] },
  },
  settings: { GATE_MARGIN_SECONDS: WholeNumber, LIMITS: inJson(Limits) },
});

export const PLACE_ROUTES = ["POST /orders"] as const;
