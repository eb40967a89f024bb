/** A fault plan at work: decides for each call, delivery and invocation what goes wrong with it. */
import { matches } from "../iam/pattern";
import { seededRandom } from "./seeded-random";
import type { CallRule, PlanFile, PlannedError } from "./plan-file";

/** `NoAnswer`: the connection is reset; the client cannot know whether the call took effect. */
export type CallError =
  | { readonly _tag: "Throttled" }
  | { readonly _tag: "Unavailable" }
  | { readonly _tag: "Answer"; readonly status: number; readonly code: string }
  | { readonly _tag: "NoAnswer" };

/**
 * Wait `latencyMs`; then pass the call on (`none`), fail it without (`before`), or pass it on, drop its answer
 * and fail it (`after`).
 */
type CallFault =
  | { readonly latencyMs: number; readonly effect: "none" }
  | { readonly latencyMs: number; readonly effect: "before" | "after"; readonly error: CallError };

type Call = { readonly service: string; readonly operation: string; readonly at: number };

const NONE: CallFault = { latencyMs: 0, effect: "none" };

const planned = (
  error: PlannedError,
): Omit<Extract<CallFault, { readonly error: CallError }>, "latencyMs"> => {
  if (error === "throttle") return { effect: "before", error: { _tag: "Throttled" } };
  if (error === "timeout-before-effect") return { effect: "before", error: { _tag: "NoAnswer" } };
  if (error === "timeout-after-effect") return { effect: "after", error: { _tag: "NoAnswer" } };
  return { effect: "before", error: { _tag: "Answer", ...error } };
};

const isDown = ({ down = [] }: CallRule, at: number): boolean =>
  down.some(({ from, to }) => at >= from && at < to);

/** A rule of windows alone does nothing outside them; any other fires by its probability (always, if none). */
const callFault = (rule: CallRule, at: number, draw: () => number): CallFault => {
  const fires = draw() < (rule.probability ?? 1);
  const jitter = draw();
  if (isDown(rule, at)) return { latencyMs: 0, effect: "before", error: { _tag: "Unavailable" } };
  if (!fires) return NONE;
  const { ms, jitter: most = 0 } = rule.latency ?? { ms: 0 };
  const latencyMs = Math.round(ms + jitter * most);
  return rule.error === undefined ? { latencyMs, effect: "none" } : { latencyMs, ...planned(rule.error) };
};

/** Delays add up; of several errors the first rule's stands. */
const together = (first: CallFault, second: CallFault): CallFault => ({
  ...(first.effect === "none" ? second : first),
  latencyMs: first.latencyMs + second.latencyMs,
});

/** @param isOn whether a rule, by its place in the plan (`calls[0]`), is to act now */
export const faultPlan = (
  { seed, calls = [], deliveries = [], invocations = [], clock = [] }: PlanFile,
  isOn: (rule: string) => boolean = () => true,
) => {
  const counts = new Map<string, number>();
  /** The next number of one rule's own sequence. */
  const drawFor = (who: string) => (): number => {
    const count = counts.get(who) ?? 0;
    counts.set(who, count + 1);
    return seededRandom(seed, who, count);
  };
  /** Those of a kind that act now, each with its own sequence. */
  const acting = <Rule>(kind: string, rules: ReadonlyArray<Rule>) => {
    const drawn = rules.map((rule, index) => {
      const id = `${kind}[${index}]`;
      return { id, rule, draw: drawFor(id) };
    });
    return () => drawn.filter(({ id }) => isOn(id));
  };
  const actingCalls = acting("calls", calls);
  const actingDeliveries = acting("deliveries", deliveries);
  const actingInvocations = acting("invocations", invocations);
  return {
    /** @param call `at`: seconds since the platform started */
    forCall: ({ service, operation, at }: Call): CallFault =>
      actingCalls()
        .filter(({ rule }) => matches(rule.service, service) && matches(rule.operation ?? "*", operation))
        .map(({ rule, draw }) => callFault(rule, at, draw))
        .reduce(together, NONE),
    /** Asked once for each batch a queue delivers. */
    forDelivery: ({ queue }: { readonly queue: string }) => {
      const drawn = actingDeliveries()
        .filter(({ rule }) => matches(rule.queue, queue))
        .map(({ rule, draw }) => ({
          duplicate: draw() < (rule.duplicate ?? 0),
          reorder: draw() < (rule.reorder ?? 0),
        }));
      return {
        /** Deliver the batch once more, as SQS may. */
        duplicate: drawn.some(({ duplicate }) => duplicate),
        /** Deliver it in another order: `shuffled` of the plan. */
        reorder: drawn.some(({ reorder }) => reorder),
      };
    },
    /** Asked once for each invocation; `killAfterMs`: end the worker so long after the invocation began. */
    forInvocation: (invocation: { readonly function: string }): { readonly killAfterMs?: number } => {
      const kills = actingInvocations()
        .filter(({ rule }) => matches(rule.function, invocation.function))
        .filter(({ rule, draw }) => draw() < rule.kill)
        .map(({ rule }) => rule.afterMs ?? 0);
      return kills.length === 0 ? {} : { killAfterMs: Math.min(...kills) };
    },
    /** When the platform's clock jumps, and how far. */
    clock,
    /** The items in an order of chance. */
    shuffled: <A>(items: ReadonlyArray<A>): ReadonlyArray<A> => {
      const draw = drawFor("shuffle");
      return items
        .map((item) => ({ item, place: draw() }))
        .sort((a, b) => a.place - b.place)
        .map(({ item }) => item);
    },
  };
};

export type FaultPlan = ReturnType<typeof faultPlan>;
