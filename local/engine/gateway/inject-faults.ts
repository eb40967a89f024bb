import { setTimeout as sleep } from "node:timers/promises";
import { errorOf } from "../wire/errors";
import type { CallError, FaultPlan } from "../faults/plan";
import { type AwsAnswer, type AwsCall, NO_ANSWER } from "./call";
import { AwsError, errorAnswer } from "./errors";
import type { Step } from "./gateway";

const failed = (call: AwsCall, fault: CallError): AwsAnswer => {
  const error = errorOf(call.service, fault);
  return error === undefined
    ? NO_ANSWER
    : errorAnswer(call, new AwsError(error.code, error.message, error.status));
};

/**
 * Injects a plan's faults into every call but the platform's own: it could not even start with a
 * table that cannot be made, and what keeps its books is nothing that a deployed stack has.
 */
export const injectFaults = (plan: FaultPlan): Step => {
  const started = performance.now();
  return async (call, next) => {
    if (call.caller.kind === "platform") return next(call);
    const at = (performance.now() - started) / 1_000;
    const fault = plan.forCall({ service: call.service.name, operation: call.operation, at });
    if (fault.latencyMs > 0) await sleep(fault.latencyMs);
    if (fault.effect === "none") return next(call);
    if (fault.effect === "after") await next(call);
    return failed(call, fault.error);
  };
};
