import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { Construct } from "constructs";
import type { Function } from "./function";
import { SCHEDULER } from "./policy";
import type { FailureQueue } from "./queue";
import { Role } from "./role";
import type { StateMachine } from "./state-machine";

export type ScheduleProps = {
  /** At most 64 characters; the role has the same name. */
  readonly name: string;
  readonly accountId: string;
  /** `rate(5 minutes)` or `cron(0 6 * * ? *)`, read in `timeZone`. */
  readonly expression: string;
  /** An IANA time zone, e.g. `Europe/Berlin`. */
  readonly timeZone: string;
  readonly enabled: boolean;
  readonly target: Function | StateMachine<string>;
  /** The queue for starts that failed. */
  readonly failures: FailureQueue;
};

/** A schedule (EventBridge Scheduler) that starts one thing, under a role that may start nothing else. */
export class Schedule extends Construct {
  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id);
    const { name, accountId, expression, timeZone, enabled, target, failures } = props;
    const role = new Role(this, "role", { name, service: SCHEDULER, accountId });
    if ("grantInvoke" in target) target.grantInvoke({ role });
    else target.grantStart({ role });
    failures.grantSend({ role });
    new SchedulerSchedule(this, "this", {
      name,
      scheduleExpression: expression,
      scheduleExpressionTimezone: timeZone,
      state: enabled ? "ENABLED" : "DISABLED",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: target.arn,
        roleArn: role.arn,
        input: "{}",
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 300 },
        deadLetterConfig: { arn: failures.arn },
      },
      // A rate fires when it is created: before the role may start its target, that start would be lost.
      dependsOn: role.policies,
    });
  }
}
