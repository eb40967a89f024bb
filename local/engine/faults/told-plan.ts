import type { CallError, FaultPlan } from "./plan";

const wordsOf = (error: CallError): string => {
  switch (error._tag) {
    case "Throttled":
      return "throttled";
    case "Unavailable":
      return "down";
    case "Answer":
      return `answered ${error.status} ${error.code}`;
    case "NoAnswer":
      return "connection reset";
  }
};

/** A delay that is worth a line by itself; shorter ones are on every other call of a plan with latency. */
const LONG_MS = 1_000;

/** A plan that tells each fault as it injects it. The clock's jumps tell themselves. */
export const toldPlan = (plan: FaultPlan, tell: (fault: string) => void): FaultPlan => ({
  ...plan,
  forCall: (call) => {
    const fault = plan.forCall(call);
    const name = `${call.service} ${call.operation}`;
    if (fault.effect !== "none")
      tell(`${name}: ${wordsOf(fault.error)}${fault.effect === "after" ? ", after it took effect" : ""}`);
    else if (fault.latencyMs >= LONG_MS) tell(`${name}: ${fault.latencyMs} ms late`);
    return fault;
  },
  forDelivery: (delivery) => {
    const fault = plan.forDelivery(delivery);
    if (fault.duplicate) tell(`${delivery.queue}: a batch is delivered twice`);
    if (fault.reorder) tell(`${delivery.queue}: a batch is delivered out of order`);
    return fault;
  },
  forInvocation: (invocation) => {
    const fault = plan.forInvocation(invocation);
    if (fault.killAfterMs !== undefined)
      tell(`${invocation.function}: killed ${fault.killAfterMs} ms after it began`);
    return fault;
  },
});
