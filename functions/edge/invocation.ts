import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "aws-lambda";
import type { Capabilities, Clock } from "../ports/capabilities";
import { logger } from "./logger";

/** What every invocation of a function has, whoever called it. Its adapters are made of this and the configuration. */
export type Invocation = Pick<Capabilities, "clock" | "random" | "deadline" | "invocation" | "log"> & {
  /** Aborts, at the deadline, every call made with it. */
  readonly signal: AbortSignal;
};

/** Time kept for answering, once everything an invocation asked for was given up. */
const RESERVE_MS = 400;

const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms) => () => sleep(ms),
};

/** Its timer keeps nothing alive. */
const abortAt = (deadline: number): AbortSignal => AbortSignal.timeout(Math.max(deadline - Date.now(), 1));

/** What a function is told of an invocation by Lambda. */
export type LambdaContext = Pick<Context, "awsRequestId" | "functionName" | "getRemainingTimeInMillis">;

/** @param labels what every line of this invocation's log carries */
export const invocationOf = (
  context: LambdaContext,
  labels: Readonly<Record<string, string>>,
): Invocation => {
  const deadline = Date.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
  return {
    clock: systemClock,
    random: Math.random,
    deadline,
    signal: abortAt(deadline),
    invocation: `${context.functionName}/${context.awsRequestId}`,
    log: logger(labels),
  };
};

/** The same invocation with an earlier deadline: the rest is kept for what follows. */
export const endingEarlier =
  (ms: number) =>
  (invocation: Invocation): Invocation => {
    const deadline = invocation.deadline - ms;
    return { ...invocation, deadline, signal: abortAt(deadline) };
  };

/**
 * Runs an invocation. An exception is a bug that no pipeline expects: it is logged with its stack, for every kind
 * of caller alike, and passed on.
 */
export const runLogged = async <A>(log: Invocation["log"], work: () => Promise<A>): Promise<A> => {
  try {
    return await work();
  } catch (thrown) {
    log.error("unexpected exception", { err: thrown })();
    throw thrown;
  }
};
