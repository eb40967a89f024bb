import fc from "fast-check";
import { faultPlan } from "../../../../local/engine/faults/plan";
import type { PlanFile } from "../../../../local/engine/faults/plan-file";

const PLAN: PlanFile = {
  seed: 7,
  calls: [
    { service: "dynamodb", operation: "*Item", probability: 0.3, error: "throttle" },
    { service: "sqs", probability: 0.5, latency: { ms: 10, jitter: 20 } },
  ],
  deliveries: [{ queue: "*-orders", duplicate: 0.2, reorder: 0.4 }],
  invocations: [{ function: "*-submit-orders", kill: 0.1, afterMs: 50 }],
};
const put = { service: "dynamodb", operation: "PutItem", at: 0 };
const send = { service: "sqs", operation: "SendMessage", at: 0 };
const plan = (...calls: NonNullable<PlanFile["calls"]>) => faultPlan({ seed: 1, calls });
const times = <A>(count: number, make: () => A): ReadonlyArray<A> => Array.from({ length: count }, make);
const effects = (one: ReturnType<typeof faultPlan>, count = 1_000) =>
  times(count, () => one.forCall(put).effect);

it("does nothing without rules", () => {
  expect(faultPlan({ seed: 0 }).forCall(put)).toEqual({ latencyMs: 0, effect: "none" });
  expect(faultPlan({ seed: 0 }).forDelivery({ queue: "q" })).toEqual({ duplicate: false, reorder: false });
  expect(faultPlan({ seed: 0 }).forInvocation({ function: "f" })).toEqual({});
});

it("repeats with its seed, and differs with another", () => {
  expect(effects(faultPlan(PLAN))).toEqual(effects(faultPlan(PLAN)));
  expect(effects(faultPlan(PLAN))).not.toEqual(effects(faultPlan({ ...PLAN, seed: 8 })));
});

it("repeats for each rule, however calls to other services come between", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 200 }), (between) => {
      const alone = faultPlan(PLAN);
      const mixed = faultPlan(PLAN);
      for (const other of between) {
        if (other) mixed.forCall(send);
        expect(mixed.forCall(put)).toEqual(alone.forCall(put));
      }
    }),
  );
});

it.each([0, 0.05, 0.3, 0.9, 1])("fires as often as its probability says (%d)", (probability) => {
  const one = plan({ service: "dynamodb", probability, error: "throttle" });
  const share = effects(one, 10_000).filter((effect) => effect === "before").length / 10_000;
  expect(Math.abs(share - probability)).toBeLessThan(0.015);
});

it("keeps to the services and operations it names", () => {
  const one = plan({ service: "dyn*", operation: "*Item", error: "throttle" });
  const effect = (service: string, operation: string) => one.forCall({ service, operation, at: 0 }).effect;
  expect([effect("dynamodb", "PutItem"), effect("dynamodb", "Query"), effect("sqs", "PutItem")]).toEqual([
    "before",
    "none",
    "none",
  ]);
});

it.each([
  ["throttle", { effect: "before", error: { _tag: "Throttled" } }],
  ["timeout-before-effect", { effect: "before", error: { _tag: "NoAnswer" } }],
  ["timeout-after-effect", { effect: "after", error: { _tag: "NoAnswer" } }],
] as const)("means by %s what it says", (error, fault) => {
  expect(plan({ service: "*", error }).forCall(put)).toEqual({ latencyMs: 0, ...fault });
});

it("answers a status and code of its own", () => {
  expect(plan({ service: "*", error: { status: 500, code: "InternalError" } }).forCall(put)).toEqual({
    latencyMs: 0,
    effect: "before",
    error: { _tag: "Answer", status: 500, code: "InternalError" },
  });
});

it("delays within its jitter, and adds the delays of several rules to the first one's error", () => {
  const delays = times(
    500,
    () => plan({ service: "*", latency: { ms: 10, jitter: 20 } }).forCall(put).latencyMs,
  );
  expect(delays.every((delay) => delay >= 10 && delay <= 30)).toBe(true);
  const both = plan(
    { service: "*", latency: { ms: 10 }, error: "throttle" },
    { service: "*", latency: { ms: 5 }, error: "timeout-after-effect" },
  );
  expect(both.forCall(put)).toEqual({ latencyMs: 15, effect: "before", error: { _tag: "Throttled" } });
});

it("is down in its windows and nowhere else", () => {
  const one = plan({
    service: "*",
    down: [
      { from: 5, to: 8 },
      { from: 10, to: 11 },
    ],
  });
  const down = [0, 4.9, 5, 7.9, 8, 10, 11].filter((at) => one.forCall({ ...put, at }).effect === "before");
  expect(down).toEqual([5, 7.9, 10]);
  expect(one.forCall({ ...put, at: 5 })).toMatchObject({ error: { _tag: "Unavailable" } });
});

it("duplicates and reorders deliveries, and kills invocations, by chance", () => {
  const one = faultPlan(PLAN);
  const deliveries = times(1_000, () => one.forDelivery({ queue: "local-orders" }));
  const kills = times(1_000, () => one.forInvocation({ function: "local-submit-orders" }).killAfterMs);
  const near = (count: number, expected: number) => Math.abs(count - expected) < 60;
  expect(near(deliveries.filter(({ duplicate }) => duplicate).length, 200)).toBe(true);
  expect(near(deliveries.filter(({ reorder }) => reorder).length, 400)).toBe(true);
  expect(near(kills.filter((after) => after === 50).length, 100)).toBe(true);
  expect(
    times(100, () => one.forInvocation({ function: "query-orders" }).killAfterMs).every(
      (after) => after === undefined,
    ),
  ).toBe(true);
});

it("shuffles: the same items, in an order that repeats with the seed", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
      const shuffled = faultPlan({ seed }).shuffled(items);
      expect([...shuffled].sort()).toEqual([...items].sort());
      expect(faultPlan({ seed }).shuffled(items)).toEqual(shuffled);
    }),
  );
  const many = times(20, () => Math.random());
  expect(faultPlan({ seed: 1 }).shuffled(many)).not.toEqual(many);
});
