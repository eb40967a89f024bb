import type { Activity } from "./activity";
import { nameOf } from "./engine/gateway/callers";
import type { Observer } from "./engine/gateway/gateway";
import type { DeclaredStack } from "./services/catalog";
import type { LocalService } from "./services/service";

/** Shows the calls through the gateway that a person wants to see: refusals, and what each service picks out. */
export const reportCalls = (
  services: ReadonlyArray<LocalService>,
  activity: Activity,
  stack: DeclaredStack,
): Observer => {
  const reports = new Map(services.map(({ api, report }) => [api, report]));
  return (call, { status, body }) => {
    const report = reports.get(call.service);
    if (report === "itself" || call.caller.kind === "platform") return;
    if (status >= 500 || status === 403)
      activity.complaint(
        `${nameOf(call.caller)}: ${call.service.name} ${call.operation}`,
        `answered ${status} ${body.toString("utf8", 0, 300)}`,
      );
    if (status < 300) report?.(call, { activity, stack });
  };
};
