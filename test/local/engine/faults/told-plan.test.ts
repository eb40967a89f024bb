import { faultPlan } from "../../../../local/engine/faults/plan";
import type { PlanFile } from "../../../../local/engine/faults/plan-file";
import { toldPlan } from "../../../../local/engine/faults/told-plan";

const told = (file: Omit<PlanFile, "seed">) => {
  const lines: string[] = [];
  return { plan: toldPlan(faultPlan({ seed: 1, ...file }), (line) => lines.push(line)), lines };
};
const put = { service: "dynamodb", operation: "PutItem", at: 5 };

it.each<[string, NonNullable<PlanFile["calls"]>[number], string[]]>([
  ["a refusal", { service: "*", error: "throttle" }, ["dynamodb PutItem: throttled"]],
  [
    "an answer that is lost",
    { service: "*", error: "timeout-before-effect" },
    ["dynamodb PutItem: connection reset"],
  ],
  [
    "an answer that is lost after the effect",
    { service: "*", error: "timeout-after-effect" },
    ["dynamodb PutItem: connection reset, after it took effect"],
  ],
  [
    "an error of its own",
    { service: "*", error: { status: 500, code: "InternalError" } },
    ["dynamodb PutItem: answered 500 InternalError"],
  ],
  ["a service that is down", { service: "*", down: [{ from: 0, to: 10 }] }, ["dynamodb PutItem: down"]],
  ["a long delay", { service: "*", latency: { ms: 1_500 } }, ["dynamodb PutItem: 1500 ms late"]],
  ["no short delay", { service: "*", latency: { ms: 5 } }, []],
  ["nothing of other services", { service: "s3", error: "throttle" }, []],
])("tells %s", (_, rule, lines) => {
  const { plan, lines: shown } = told({ calls: [rule] });
  plan.forCall(put);
  expect(shown).toEqual(lines);
});

it("tells what it does to deliveries and invocations", () => {
  const { plan, lines } = told({
    deliveries: [{ queue: "orders", duplicate: 1, reorder: 1 }],
    invocations: [{ function: "submit", kill: 1, afterMs: 50 }],
  });
  plan.forDelivery({ queue: "orders" });
  plan.forInvocation({ function: "submit" });
  plan.forInvocation({ function: "query" });
  expect(lines).toEqual([
    "orders: a batch is delivered twice",
    "orders: a batch is delivered out of order",
    "submit: killed 50 ms after it began",
  ]);
});
