import * as t from "io-ts";
import { contract, WholeNumber } from "../contract";

export const SUBMIT_ORDERS = contract({
  name: "submit-orders",
  uses: {
    ORDERS_TABLE: { table: ["batch-get", "change", "update"] },
    CHECKPOINTS_TABLE: { table: ["get"] },
    ORDERS_QUEUE_URL: { queue: ["postpone"] },
    TOPIC_ARN: { topic: ["publish"] },
  },
  settings: {
    ORDERS_PER_CALL: WholeNumber,
    TEST_ORDERS: t.keyof({ submitted: null, closed: null }),
  },
  auction: "submit",
});
