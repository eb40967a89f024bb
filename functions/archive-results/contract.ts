import { contract, WholeNumber } from "../contract";
import { ARCHIVE, RAW_PAGES } from "../domain/archive";

export const ARCHIVE_RESULTS = contract({
  name: "archive-results",
  uses: {
    ORDERS_TABLE: { table: ["batch-get", "change"] },
    CHECKPOINTS_TABLE: { table: ["update"] },
    ARCHIVE_BUCKET: { bucket: { put: ARCHIVE, get: RAW_PAGES } },
    TOPIC_ARN: { topic: ["publish"] },
  },
  settings: { LEASE_SECONDS: WholeNumber, RETENTION_DAYS: WholeNumber },
});
