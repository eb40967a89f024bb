import * as t from "io-ts";
import { contract, Share, WholeNumber } from "../contract";
import { FEED } from "../tables";

export const AUCTION_SIMULATOR = contract({
  name: "auction-simulator",
  uses: {
    LEDGER_TABLE: { table: ["insert", "change", "put", "update", "get", "batch-get"], query: [FEED.name] },
  },
  settings: {
    SEED: t.string,
    ACCEPTANCE: Share,
    REFUSAL: Share,
    PARTIAL: Share,
    PRELIMINARY: Share,
    RESULT_DELAY_MIN_SECONDS: WholeNumber,
    RESULT_DELAY_MAX_SECONDS: WholeNumber,
  },
});
