/**
 * What `--faults FILE` holds:
 * ```json
 * { "seed": 7,
 *   "calls": [
 *     { "service": "dynamodb", "operation": "*Item", "probability": 0.1, "error": "throttle" },
 *     { "service": "execute-api", "probability": 0.05, "error": "timeout-after-effect" },
 *     { "service": "s3", "error": { "status": 500, "code": "InternalError" }, "probability": 0.01 },
 *     { "service": "*", "latency": { "ms": 5, "jitter": 20 } },
 *     { "service": "sqs", "down": [{ "from": 10, "to": 15 }] } ],
 *   "deliveries": [{ "queue": "*-orders", "duplicate": 0.1, "reorder": 0.2 }],
 *   "invocations": [{ "function": "*-submit-orders", "kill": 0.02, "afterMs": 50 }],
 *   "clock": [{ "at": 20, "by": -7200 }, { "at": 40, "by": 7200 }] }
 * ```
 * Names are patterns (`*`, `?`); probabilities are from 0 to 1; times are seconds since the platform started.
 */
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { numberOf, oneOrMany, stringOf } from "../../../lib/codecs";
import { exactly } from "../../../lib/exactly";
import { faults } from "../../../lib/faults";

const Pattern = stringOf("a name or pattern", (text) => text !== "");
const Probability = numberOf("a probability from 0 to 1", (value) => value >= 0 && value <= 1);
const Milliseconds = numberOf("milliseconds, 0 to 600000", (value) => value >= 0 && value <= 600_000);
const Seconds = numberOf("seconds, 0 or more", (value) => value >= 0);

const Window = t.refinement(
  exactly({ from: Seconds, to: Seconds }, {}, "a window {from, to}"),
  ({ from, to }) => from < to,
  "a window that ends after it begins",
);

const PlannedError = t.union(
  [
    t.keyof({ throttle: null, "timeout-after-effect": null, "timeout-before-effect": null }),
    exactly(
      {
        status: numberOf(
          "a status from 400 to 599",
          (value) => Number.isInteger(value) && value >= 400 && value <= 599,
        ),
        code: Pattern,
      },
      {},
      "{status, code}",
    ),
  ],
  '"throttle", "timeout-after-effect", "timeout-before-effect" or {status, code}',
);
export type PlannedError = t.TypeOf<typeof PlannedError>;

const CallRule = exactly(
  { service: Pattern },
  {
    operation: Pattern,
    probability: Probability,
    latency: exactly({ ms: Milliseconds }, { jitter: Milliseconds }, "a latency {ms, jitter?}"),
    error: PlannedError,
    down: oneOrMany(Window, "a window {from, to}, or a list of them"),
  },
  "a rule for calls",
);
export type CallRule = t.TypeOf<typeof CallRule>;

const DeliveryRule = exactly(
  { queue: Pattern },
  { duplicate: Probability, reorder: Probability },
  "a rule for deliveries",
);
export type DeliveryRule = t.TypeOf<typeof DeliveryRule>;

const InvocationRule = exactly(
  { function: Pattern, kill: Probability },
  { afterMs: Milliseconds },
  "a rule for invocations",
);
export type InvocationRule = t.TypeOf<typeof InvocationRule>;

const Jump = exactly(
  { at: Seconds, by: numberOf("seconds, forward or back", Number.isFinite) },
  {},
  "a jump of the clock {at, by}",
);

const PlanFile = exactly(
  { seed: numberOf("a whole number", Number.isSafeInteger) },
  {
    calls: t.readonlyArray(CallRule, "a list of rules for calls"),
    deliveries: t.readonlyArray(DeliveryRule, "a list of rules for deliveries"),
    invocations: t.readonlyArray(InvocationRule, "a list of rules for invocations"),
    clock: t.readonlyArray(Jump, "a list of jumps of the clock"),
  },
  "a fault plan",
);
export type PlanFile = t.TypeOf<typeof PlanFile>;

/** A plan, or one line for each fault in it, by its path: `calls[0].probability: expected …`. */
export const decodePlan = (content: unknown): E.Either<ReadonlyArray<string>, PlanFile> =>
  E.mapLeft((errors: t.Errors) =>
    faults(errors, "(plan)").map(({ path, expected }) => `${path}: expected ${expected}`),
  )(PlanFile.decode(content));
