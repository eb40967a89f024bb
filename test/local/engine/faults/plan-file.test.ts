import * as E from "fp-ts/Either";
import fc from "fast-check";
import { faultPlan } from "../../../../local/engine/faults/plan";
import { decodePlan } from "../../../../local/engine/faults/plan-file";

const faults = (content: unknown): ReadonlyArray<string> => {
  const decoded = decodePlan(content);
  return E.isLeft(decoded) ? decoded.left : [];
};
const call = (rule: object) => ({ seed: 1, calls: [{ service: "sqs", ...rule }] });

it("takes everything a plan can say", () => {
  expect(
    faults({
      seed: 7,
      calls: [
        {
          service: "dynamodb",
          operation: "*Item",
          probability: 0.1,
          latency: { ms: 5, jitter: 10 },
          error: "throttle",
        },
        { service: "s3", error: { status: 500, code: "InternalError" } },
        { service: "sqs", down: [{ from: 1, to: 2 }] },
        { service: "sqs", down: { from: 1.5, to: 2 } },
      ],
      deliveries: [{ queue: "*", duplicate: 0.1, reorder: 1 }],
      invocations: [{ function: "*-submit-orders", kill: 0.5, afterMs: 20 }],
      clock: [
        { at: 10, by: -7200 },
        { at: 20, by: 7200.5 },
      ],
    }),
  ).toEqual([]);
});

it.each([
  ["nothing", undefined, "(plan): expected a fault plan"],
  ["no seed", {}, "seed: expected a whole number"],
  ["a misspelt property", { seed: 1, call: [] }, "call: expected no such property"],
  ["a rule for nothing", { seed: 1, calls: [{}] }, "calls[0].service: expected a name or pattern"],
  [
    "an impossible probability",
    call({ probability: 1.5 }),
    "calls[0].probability: expected a probability from 0 to 1",
  ],
  ["no number", call({ probability: "1" }), "calls[0].probability: expected a probability from 0 to 1"],
  [
    "an unknown error",
    call({ error: "explode" }),
    'calls[0].error: expected "throttle", "timeout-after-effect", "timeout-before-effect" or {status, code}',
  ],
  [
    "a negative latency",
    call({ latency: { ms: -1 } }),
    "calls[0].latency.ms: expected milliseconds, 0 to 600000",
  ],
  [
    "a window that ends before it begins",
    call({ down: [{ from: 2, to: 1 }] }),
    "calls[0].down[0]: expected a window that ends after it begins",
  ],
  [
    "a kill without a chance",
    { seed: 1, invocations: [{ function: "f" }] },
    "invocations[0].kill: expected a probability from 0 to 1",
  ],
])("names what is wrong in a plan with %s", (_, content, fault) => {
  expect(faults(content)).toEqual([fault]);
});

it("never throws, and what it takes can be asked", () => {
  const rule = fc.dictionary(
    fc.constantFrom("service", "probability", "error", "down", "latency"),
    fc.jsonValue(),
  );
  const content = fc.oneof(fc.jsonValue(), fc.record({ seed: fc.integer(), calls: fc.array(rule) }));
  fc.assert(
    fc.property(content, (any) => {
      const decoded = decodePlan(any);
      if (E.isLeft(decoded)) expect(decoded.left.length).toBeGreaterThan(0);
      else expect(faultPlan(decoded.right).forCall({ service: "s3", operation: "x", at: 1 })).toBeDefined();
    }),
    { numRuns: 1_000 },
  );
});
