import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { Context } from "aws-lambda";
import * as t from "io-ts";
import { AuctionConfig, auctionPlatform } from "../adapters/auction-platform";
import { decodeInput } from "../adapters/decode-input";
import { dynamoCheckpoints } from "../adapters/dynamo-checkpoints";
import { environmentOf, WholeNumber } from "../adapters/environment";
import { abortAt, deadlineOf, systemClock } from "../adapters/lambda";
import { logger } from "../adapters/logger";
import { orThrow } from "../adapters/throwing";
import { FetchInput, type FetchOutput } from "../domain/results-task";
import { fetchResults } from "./fetch-results";

const config = environmentOf(
  t.intersection([
    t.strict({ CHECKPOINTS_TABLE: t.string, PAGE_LIMIT: WholeNumber, LEASE_SECONDS: WholeNumber }),
    AuctionConfig,
  ]),
);

/** A task of the results state machine. */
export const handler = (event: unknown, context: Context): Promise<FetchOutput> => {
  const signal = abortAt(deadlineOf(context));
  const log = logger({ invocation_id: context.awsRequestId });
  return pipe(
    TE.fromEither(decodeInput(FetchInput)(event)),
    TE.flatMap((input) =>
      fetchResults(input)({
        checkpoints: dynamoCheckpoints(config.CHECKPOINTS_TABLE, signal, log),
        auction: auctionPlatform(config, signal),
        clock: systemClock,
        log,
        pageLimit: config.PAGE_LIMIT,
        leaseSeconds: config.LEASE_SECONDS,
      }),
    ),
    orThrow(log, "results not fetched"),
  );
};
