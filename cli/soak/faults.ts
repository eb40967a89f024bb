const batch = { service: "dynamodb", operation: "BatchExecuteStatement", probability: 0.05 };
const sent = { service: "execute-api", operation: "POST /orders*", probability: 0.05 };
const put = { service: "s3", operation: "PutObject", probability: 0.05 };

/** What goes wrong in a soak besides the kills: some of everything, seldom enough that work gets done. */
export const soakFaults = (seed: number): object => ({
  seed,
  calls: [
    { ...batch, error: "throttle" },
    { ...batch, error: "timeout-after-effect" },
    { service: "dynamodb", operation: "UpdateItem", probability: 0.01, error: "timeout-after-effect" },
    { service: "dynamodb", probability: 0.005, error: { status: 500, code: "InternalServerError" } },
    // Nobody knows what became of the orders, one or many.
    { ...sent, error: "timeout-after-effect" },
    { ...sent, error: { status: 503, code: "Busy" } },
    { service: "execute-api", operation: "DELETE *", probability: 0.05, error: "timeout-after-effect" },
    { service: "sqs", operation: "SendMessage*", probability: 0.02, error: "timeout-before-effect" },
    { service: "sqs", operation: "DeleteMessage*", probability: 0.02, error: "timeout-before-effect" },
    { ...put, error: "timeout-after-effect" },
    { ...put, error: { status: 500, code: "InternalError" } },
    { service: "sns", operation: "Publish", probability: 0.05, error: "timeout-before-effect" },
    { service: "*", probability: 0.05, latency: { ms: 5, jitter: 40 } },
  ],
  deliveries: [{ queue: "*-orders", duplicate: 0.2, reorder: 0.2 }],
  invocations: [
    { function: "*-submit-orders", kill: 0.02, afterMs: 30 },
    { function: "*-archive-results", kill: 0.03, afterMs: 20 },
    { function: "*-auction-simulator", kill: 0.002, afterMs: 5 },
  ],
});
