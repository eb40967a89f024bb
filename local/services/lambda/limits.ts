/** Lambda's quotas: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
import { AwsError } from "../../engine/gateway/errors";
import type { Outcome } from "../../engine/runtime/worker";
import { textOf } from "../../engine/stack/block";
import { MESSAGE_BYTES as TOPIC_BYTES } from "../sns/limits";
import { MESSAGE_BYTES as QUEUE_BYTES } from "../sqs/limits";

export const FUNCTION_NAME = textOf(1, 64);

const MIB = 1024 * 1024;
/** The largest payload of an invocation that is waited for. */
const REQUEST_BYTES = 6 * MIB;
/** The largest event of one that is not: 256 KiB until October 2025. */
const EVENT_BYTES = MIB;
/** The largest answer of a function: 6 MiB, and the 100 bytes that Lambda allows on top of them. */
const RESPONSE_BYTES = 6 * MIB + 100;

const tooLarge = (message: string): AwsError => new AwsError("RequestEntityTooLargeException", message, 413);

export const refuseLargeRequest = (payload: Buffer): void => {
  if (payload.length > REQUEST_BYTES)
    throw tooLarge(`Request must be smaller than ${REQUEST_BYTES} bytes for the InvokeFunction operation`);
};

export const refuseLargeEvent = (payload: Buffer): void => {
  if (payload.length > EVENT_BYTES)
    throw tooLarge(
      `${payload.length} byte payload is too large for the Event invocation type (limit ${EVENT_BYTES} bytes)`,
    );
};

/** A function that answers with too much has failed, whatever it did. */
export const withinResponseLimit = (outcome: Outcome): Outcome =>
  outcome.kind === "error" || Buffer.byteLength(outcome.payload) <= RESPONSE_BYTES
    ? outcome
    : {
        kind: "error",
        error: {
          errorType: "Function.ResponseSizeTooLarge",
          errorMessage: `Response payload size exceeded maximum allowed payload size (${RESPONSE_BYTES} bytes).`,
          trace: [],
        },
      };

/**
 * The first of some texts that a failure destination takes. Of a record that is too large Lambda leaves the payloads
 * out, an event that is too large for a dead-letter queue it deletes:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export const fitting = (destination: string, ...texts: ReadonlyArray<string>): string | undefined => {
  const [, , service] = destination.split(":");
  const most = service === "sns" ? TOPIC_BYTES : service === "lambda" ? EVENT_BYTES : QUEUE_BYTES;
  return texts.find((text) => Buffer.byteLength(text) <= most);
};
