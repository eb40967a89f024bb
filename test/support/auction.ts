import * as T from "fp-ts/Task";
import type * as TE from "fp-ts/TaskEither";
import type { AuctionPlatform, OrderToSubmit, Refused } from "../../functions/ports/capabilities";
import type { PortError } from "../../functions/ports/errors";

/** An auction platform that answers each order by itself. Nobody asks for its results. */
export const auctionOf = (
  submit: (order: OrderToSubmit) => TE.TaskEither<PortError | Refused, void>,
  ordersPerCall = 1,
): AuctionPlatform => ({
  ordersPerCall,
  submit: T.traverseSeqArray(submit),
  results: () => () => Promise.reject(new Error("not asked for")),
});
