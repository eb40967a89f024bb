import { switchedPlan } from "../../../../local/engine/faults/switches";
import { OFFERED } from "../../../../local/offered-faults";

const PUT = { service: "dynamodb", operation: "PutItem", at: 0 };
const PLANNED = { seed: 1, calls: [{ service: "s3" }, { service: "dynamodb", error: "throttle" }] } as const;

const states = ({ switches }: ReturnType<typeof switchedPlan>) =>
  switches().rules.map(({ id, on }) => [id, on]);

it("does nothing of what is offered until it is switched on", () => {
  const offered = switchedPlan(OFFERED, false, () => undefined);
  expect(states(offered).length).toBeGreaterThan(5);
  expect(states(offered).filter(([, on]) => on)).toEqual([]);
  for (let call = 0; call < 100; call += 1) {
    expect(offered.plan.forCall(PUT)).toEqual({ latencyMs: 0, effect: "none" });
    expect(offered.plan.forInvocation({ function: "local-submit-orders" })).toEqual({});
    expect(offered.plan.forDelivery({ queue: "orders" })).toEqual({ duplicate: false, reorder: false });
  }
});

it("does all of a plan until some of it is switched off, and tells what it did", () => {
  const told: string[] = [];
  const planned = switchedPlan(PLANNED, true, (line) => told.push(line));
  expect(planned.plan.forCall(PUT).effect).toBe("before");
  expect(planned.set("calls[1]", false)).toBe(true);
  expect(states(planned)).toEqual([
    ["calls[0]", true],
    ["calls[1]", false],
  ]);
  expect(planned.plan.forCall(PUT).effect).toBe("none");
  expect(planned.set("calls[1]", true)).toBe(true);
  expect(planned.plan.forCall(PUT).effect).toBe("before");
  expect(told).toEqual(["dynamodb PutItem: throttled", "dynamodb PutItem: throttled"]);
  expect(planned.switches().happened.map(({ text }) => text)).toEqual(told);
});

it("has no other switches", () => {
  const planned = switchedPlan(PLANNED, true, () => undefined);
  expect(planned.set("calls[2]", true)).toBe(false);
  expect(states(planned)).toHaveLength(2);
});
