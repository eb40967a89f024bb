import { AwsError } from "../../engine/gateway/errors";
import type { Metrics } from "../../engine/metrics";
import type { FunctionPool } from "../../engine/runtime/function-pool";

/** What Lambda counts of each function. */
export const LAMBDA_METRICS = {
  namespace: "AWS/Lambda",
  names: ["Invocations", "Errors", "Duration", "Throttles", "IteratorAge"],
} as const;

/** A function's pool whose invocations are counted. As on AWS, one that was throttled is none. */
export const measured = (pool: FunctionPool, name: string, metrics: Pick<Metrics, "put">): FunctionPool => {
  const count = (metric: (typeof LAMBDA_METRICS.names)[number], value: number): void =>
    metrics.put(
      { namespace: LAMBDA_METRICS.namespace, name: metric, dimensions: { FunctionName: name } },
      value,
    );
  return {
    ...pool,
    invoke: async (functionArn, payload) => {
      const began = performance.now();
      try {
        const outcome = await pool.invoke(functionArn, payload);
        count("Invocations", 1);
        count("Errors", outcome.kind === "error" ? 1 : 0);
        count("Duration", performance.now() - began);
        return outcome;
      } catch (error) {
        if (error instanceof AwsError && error.code === "TooManyRequestsException") count("Throttles", 1);
        throw error;
      }
    },
  };
};
