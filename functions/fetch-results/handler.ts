import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import { auctionPlatform } from "../adapters/auction-platform";
import { dynamoCheckpoints } from "../adapters/dynamo-checkpoints";
import { auctionEnvironment, environmentOf } from "../adapters/environment";
import { FetchInput } from "../domain/results-task";
import { eventFunction } from "../edge/event-function";
import type { Invocation } from "../edge/invocation";
import { FETCH_RESULTS } from "./contract";
import { fetchResults } from "./fetch-results";

const config = environmentOf(FETCH_RESULTS);
const auction = auctionEnvironment();

const needs = (invocation: Invocation) => ({
  ...invocation,
  checkpoints: dynamoCheckpoints(config.CHECKPOINTS_TABLE, invocation.signal, invocation.log),
  auction: auctionPlatform(auction, invocation.signal),
  pageLimit: config.PAGE_LIMIT,
  leaseSeconds: config.LEASE_SECONDS,
});

/** A task of the results state machine. */
export const handler = eventFunction(FetchInput, "results not fetched", (input) =>
  pipe(fetchResults(input), RTE.local(needs)),
);
