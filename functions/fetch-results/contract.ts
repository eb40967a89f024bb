import { contract, WholeNumber } from "../contract";
import { RAW_PAGES } from "../domain/archive";

export const FETCH_RESULTS = contract({
  name: "fetch-results",
  uses: {
    CHECKPOINTS_TABLE: { table: ["update"] },
    ARCHIVE_BUCKET: { bucket: { put: RAW_PAGES } },
  },
  settings: { PAGE_LIMIT: WholeNumber, LEASE_SECONDS: WholeNumber },
  auction: "results",
});
