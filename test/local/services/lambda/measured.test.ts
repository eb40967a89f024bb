import { AwsError } from "../../../../local/engine/gateway/errors";
import { metricStore, type Statistic } from "../../../../local/engine/metrics";
import type { FunctionPool } from "../../../../local/engine/runtime/function-pool";
import { measured } from "../../../../local/services/lambda/measured";

const NOW = 1_000_000;

const counted = async (invoke: FunctionPool["invoke"]) => {
  const metrics = metricStore(() => NOW);
  const pool = measured(
    { invoke, concurrency: 1, swap: () => undefined, stop: () => Promise.resolve() },
    "f",
    metrics,
  );
  await pool.invoke("arn", "{}").catch(() => undefined);
  return (name: string, statistic: Statistic = "Sum") =>
    metrics.statistic(
      { namespace: "AWS/Lambda", name, dimensions: { FunctionName: "f" } },
      statistic,
      0,
      2 * NOW,
    );
};

it("counts a call, and that it was no error", async () => {
  const value = await counted(() => Promise.resolve({ kind: "answer", payload: "1" }));
  expect([value("Invocations"), value("Errors"), value("Throttles")]).toEqual([1, 0, undefined]);
  expect(value("Duration", "SampleCount")).toBe(1);
});

it("counts an error as one", async () => {
  const value = await counted(() =>
    Promise.resolve({ kind: "error", error: { errorType: "E", errorMessage: "m", trace: [] } }),
  );
  expect([value("Invocations"), value("Errors")]).toEqual([1, 1]);
});

it("counts what was throttled as no call", async () => {
  const value = await counted(() => Promise.reject(new AwsError("TooManyRequestsException", "slow", 429)));
  expect([value("Invocations"), value("Throttles")]).toEqual([undefined, 1]);
});
