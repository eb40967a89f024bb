import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as t from "io-ts";
import { auctionPlatform } from "../adapters/auction-platform";
import { dynamoCheckpoints } from "../adapters/dynamo-checkpoints";
import { auctionEnvironment } from "../adapters/auction-environment";
import { environmentOf } from "../adapters/environment";
import { s3RawPages } from "../adapters/s3-raw-pages";
import { FetchInput, type FetchOutput, ReleaseInput } from "../domain/results-task";
import { eventFunction } from "../edge/event-function";
import type { Invocation } from "../edge/invocation";
import type { PortError } from "../ports/errors";
import { FETCH_RESULTS } from "./contract";
import { fetchResults, releaseLease } from "./fetch-results";

const config = environmentOf(FETCH_RESULTS);
const auction = auctionEnvironment();

const needs = (invocation: Invocation) => ({
  ...invocation,
  checkpoints: dynamoCheckpoints(config.CHECKPOINTS_TABLE, invocation.signal, invocation.log),
  auction: auctionPlatform(auction, invocation.signal),
  rawPages: s3RawPages(config.ARCHIVE_BUCKET, invocation.signal),
  pageLimit: config.PAGE_LIMIT,
  leaseSeconds: config.LEASE_SECONDS,
});

const Input = t.union([ReleaseInput, FetchInput]);

/** Two tasks of the results state machine. */
export const handler = eventFunction(Input, "results not fetched", (input) =>
  pipe(
    input,
    (given): RTE.ReaderTaskEither<ReturnType<typeof needs>, PortError, FetchOutput | undefined> =>
      "release" in given ? pipe(releaseLease(given), RTE.as(undefined)) : fetchResults(given),
    RTE.local(needs),
  ),
);
