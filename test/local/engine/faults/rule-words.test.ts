import { callWords, deliveryWords, invocationWords } from "../../../../local/engine/faults/rule-words";

it.each([
  [{ service: "dynamodb", probability: 0.2, error: "throttle" }, "dynamodb: throttled, 20 % of calls"],
  [{ service: "*", latency: { ms: 5, jitter: 20 } }, "every service: 5 to 25 ms late"],
  [{ service: "s3", latency: { ms: 5 }, probability: 1 }, "s3: 5 ms late"],
  [
    { service: "sqs", operation: "SendMessage", down: [{ from: 10, to: 15 }] },
    "sqs SendMessage: down from 10 s to 15 s after the start",
  ],
  [
    { service: "execute-api", operation: "POST /orders", error: "timeout-after-effect" },
    "execute-api POST /orders: connection reset after it took effect",
  ],
  [
    { service: "sns", error: "timeout-before-effect", probability: 0.001 },
    "sns: connection reset before it takes effect, 0.1 % of calls",
  ],
  [{ service: "sns", error: { status: 500, code: "InternalError" } }, "sns: answered 500 InternalError"],
] as const)("tells what %j does", (rule, words) => {
  expect(callWords(rule)).toBe(words);
});

it("tells what happens to deliveries and invocations", () => {
  expect(deliveryWords({ queue: "*-orders", duplicate: 0.1, reorder: 1 })).toBe(
    "*-orders: delivered twice, 10 % of batches; out of order",
  );
  expect(invocationWords({ function: "*-submit-orders", kill: 0.02, afterMs: 50 })).toBe(
    "*-submit-orders: killed 50 ms after it began, 2 % of invocations",
  );
});
