/** Step Functions' quotas: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
import { textOf } from "../../engine/stack/block";
import type { Json } from "../../json";

/** Of a state machine. */
export const MACHINE_NAME = textOf(1, 80);

/** The largest input or output of a task, a state or an execution, as text in UTF-8. */
export const PAYLOAD_BYTES = 256 * 1024;
/** The events of an execution's history; the last of them is its end. */
const HISTORY_EVENTS = 25_000;

/**
 * An error that ends the execution, since `States.ALL` takes none of these:
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export class TerminalError extends Error {
  /** The library asks an error for both. */
  readonly isRetryable = false;
  readonly isCatchable = false;
  constructor(
    override readonly name: "States.DataLimitExceeded" | "States.Runtime",
    message: string,
  ) {
    super(message);
  }
}

export const isTooLarge = (text: string): boolean => Buffer.byteLength(text) > PAYLOAD_BYTES;

/** @param origin of the value: a state, or a task by what it calls (`lambda`, the ARN of a function) */
export const refuseLarge = (origin: string, value: Json): void => {
  if (isTooLarge(JSON.stringify(value)))
    throw new TerminalError(
      "States.DataLimitExceeded",
      `The state/task '${origin}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    );
};

/** @param events of an execution that goes on: one more would be left, for its success alone */
export const refuseLong = (events: number): void => {
  if (events >= HISTORY_EVENTS)
    throw new TerminalError(
      "States.Runtime",
      `The execution reached the maximum number of history events (${HISTORY_EVENTS}).`,
    );
};
