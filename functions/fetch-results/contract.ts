import { contract, WholeNumber } from "../contract";

export const FETCH_RESULTS = contract({
  name: "fetch-results",
  uses: { CHECKPOINTS_TABLE: { table: ["update"] } },
  settings: { PAGE_LIMIT: WholeNumber, LEASE_SECONDS: WholeNumber },
  auction: "results",
});
