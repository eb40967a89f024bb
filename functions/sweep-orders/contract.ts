import { contract, WholeNumber } from "../contract";
import { CLOSED } from "../domain/archive";
import { IN_FLIGHT } from "../tables";

export const SWEEP_ORDERS = contract({
  name: "sweep-orders",
  uses: {
    ORDERS_TABLE: { table: ["batch-get", "change"], query: [IN_FLIGHT.name] },
    CHECKPOINTS_TABLE: { table: ["get", "change"] },
    ORDERS_QUEUE_URL: { queue: ["send"] },
    ARCHIVE_BUCKET: { bucket: { put: CLOSED } },
    TOPIC_ARN: { topic: ["publish"] },
  },
  settings: {
    STUCK_AFTER_SECONDS: WholeNumber,
    OVERDUE_AFTER_SECONDS: WholeNumber,
    RETENTION_DAYS: WholeNumber,
  },
});
