import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as t from "io-ts";
import { AuctionConfig, auctionPlatform } from "../adapters/auction-platform";
import { dynamoCheckpoints } from "../adapters/dynamo-checkpoints";
import { environmentOf, WholeNumber } from "../adapters/environment";
import { FetchInput } from "../domain/results-task";
import { eventFunction } from "../edge/event-function";
import type { Invocation } from "../edge/invocation";
import { fetchResults } from "./fetch-results";

const config = environmentOf(
  t.intersection([
    t.strict({ CHECKPOINTS_TABLE: t.string, PAGE_LIMIT: WholeNumber, LEASE_SECONDS: WholeNumber }),
    AuctionConfig,
  ]),
);

const needs = (invocation: Invocation) => ({
  ...invocation,
  checkpoints: dynamoCheckpoints(config.CHECKPOINTS_TABLE, invocation.signal, invocation.log),
  auction: auctionPlatform(config, invocation.signal),
  pageLimit: config.PAGE_LIMIT,
  leaseSeconds: config.LEASE_SECONDS,
});

/** A task of the results state machine. */
export const handler = eventFunction(FetchInput, "results not fetched", (input) =>
  pipe(fetchResults(input), RTE.local(needs)),
);
