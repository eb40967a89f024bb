import type { PlanFile } from "./engine/faults/plan-file";

/** What can go wrong at the touch of a switch where no plan says otherwise: all of it is off at the start. */
export const OFFERED: PlanFile = {
  seed: 1,
  calls: [
    { service: "dynamodb", probability: 0.2, error: "throttle" },
    { service: "dynamodb", latency: { ms: 300, jitter: 700 } },
    { service: "sqs", operation: "SendMessage*", error: { status: 503, code: "ServiceUnavailable" } },
    { service: "s3", operation: "PutObject", error: { status: 500, code: "InternalError" } },
    { service: "sns", error: { status: 500, code: "InternalError" } },
    { service: "execute-api", operation: "GET /results", error: "timeout-before-effect" },
    { service: "execute-api", operation: "POST /orders*", probability: 0.3, error: "timeout-after-effect" },
  ],
  deliveries: [{ queue: "*", duplicate: 0.5, reorder: 0.5 }],
  invocations: [
    { function: "*-submit-orders", kill: 0.3, afterMs: 50 },
    { function: "*-auction-simulator", kill: 1 },
  ],
};
