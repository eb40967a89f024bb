import * as t from "io-ts";

/** Messages between the platform and a function's thread. Payloads are JSON texts, as on the wire. */
export const Invocation = t.type({
  requestId: t.string,
  payload: t.string,
  /** When the platform gives the invocation up, by `monotonicMs`: wall-clock time may jump while it runs. */
  deadline: t.number,
  functionArn: t.string,
});
export type Invocation = t.TypeOf<typeof Invocation>;

/** Milliseconds on a clock that never jumps, and is the same in every thread of a process. */
export const monotonicMs = (): number => Number(process.hrtime.bigint() / 1_000_000n);

export const FunctionError = t.type({
  errorType: t.string,
  errorMessage: t.string,
  trace: t.readonlyArray(t.string),
});
export type FunctionError = t.TypeOf<typeof FunctionError>;

export const FromFunction = t.union([
  t.type({ kind: t.literal("ready") }),
  t.type({ kind: t.literal("answer"), payload: t.string }),
  t.type({ kind: t.literal("error"), error: FunctionError }),
]);
export type FromFunction = t.TypeOf<typeof FromFunction>;
