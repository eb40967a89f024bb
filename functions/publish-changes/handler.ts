import type { DynamoDBBatchResponse } from "aws-lambda";
import { pipe } from "fp-ts/function";
import * as O from "fp-ts/Option";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as t from "io-ts";
import { environmentOf } from "../adapters/environment";
import { snsOrderChanges } from "../adapters/sns-order-changes";
import { eventFunction } from "../edge/event-function";
import type { Invocation } from "../edge/invocation";
import { PUBLISH_CHANGES } from "./contract";
import { publishChanges } from "./publish-changes";

const config = environmentOf(PUBLISH_CHANGES);

const needs = (invocation: Invocation) => ({
  ...invocation,
  changes: snsOrderChanges(config.CHANGES_TOPIC_ARN, invocation.signal),
  environment: config.ENVIRONMENT,
});

const StreamEvent = t.strict({ Records: t.readonlyArray(t.unknown) });

const batchResponse = (from: O.Option<string>): DynamoDBBatchResponse => ({
  batchItemFailures: O.isSome(from) ? [{ itemIdentifier: from.value }] : [],
});

/** The stream of the orders table. Names the record from which they must come again. */
export const handler = eventFunction(StreamEvent, "changes not published", ({ Records }) =>
  pipe(RTE.rightReaderTask(publishChanges(Records)), RTE.map(batchResponse), RTE.local(needs)),
);
