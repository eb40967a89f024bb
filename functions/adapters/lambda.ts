import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "aws-lambda";
import type { Clock } from "../ports/capabilities";

/** Time kept for answering, once everything an invocation asked for was given up. */
const RESERVE_MS = 400;

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms) => () => sleep(ms),
};

/** When the invocation must have answered, epoch milliseconds. */
export const deadlineOf = (context: Pick<Context, "getRemainingTimeInMillis">): number =>
  Date.now() + context.getRemainingTimeInMillis() - RESERVE_MS;

/** Aborts every call made with it at a deadline; its timer keeps nothing alive. */
export const abortAt = (deadline: number): AbortSignal =>
  AbortSignal.timeout(Math.max(deadline - Date.now(), 1));

/** An error whose name Step Functions and the Lambda console show, and `Retry`/`Catch` match on. */
export class NamedError extends Error {
  constructor(
    override readonly name: "TransientError" | "PermanentError" | "LeaseLostError",
    message: string,
  ) {
    super(message);
  }
}
