import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { Construct } from "constructs";
import type { Function } from "./function";
import { LOG_DELIVERY, LogGroup } from "./log-group";
import { STATES } from "./policy";
import { type Grantee, Role, SAMPLING, TRACING } from "./role";
import type { Definition } from "./states-language";
import type { Topic } from "./topic";

export type StateMachineProps<Name extends string> = {
  /** At most 64 characters, the limit of its role's name. */
  readonly name: string;
  readonly accountId: string;
  readonly definition: Definition<Name>;
  /** What the definition calls; the role may do exactly that. */
  readonly calls: { readonly functions: ReadonlyArray<Function>; readonly topics: ReadonlyArray<Topic> };
  readonly logRetentionDays: number;
};

/** A standard state machine with its own role and log group, traced. Its data stays out of the log. */
export class StateMachine<Name extends string> extends Construct implements Grantee {
  readonly arn: string;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: StateMachineProps<Name>) {
    super(scope, id);
    const { name, accountId, definition, calls, logRetentionDays } = props;
    this.role = new Role(this, "role", { name, service: STATES, accountId });
    for (const called of calls.functions) called.grantInvoke(this);
    for (const topic of calls.topics) topic.grantPublish(this);
    const logs = new LogGroup(this, "logs", {
      name: `/aws/vendedlogs/states/${name}`,
      retentionDays: logRetentionDays,
    });
    this.role.grant("logs", LOG_DELIVERY);
    this.role.grant("tracing", TRACING, SAMPLING);
    const machine = new SfnStateMachine(this, "this", {
      name,
      roleArn: this.role.arn,
      type: "STANDARD",
      definition: JSON.stringify(definition),
      loggingConfiguration: { level: "ALL", includeExecutionData: false, logDestination: `${logs.arn}:*` },
      tracingConfiguration: { enabled: true },
      // Step Functions checks when it is made that the role may write its log.
      dependsOn: this.role.policies,
    });
    this.arn = machine.arn;
  }

  grantStart({ role }: Grantee): void {
    role.grant(`${this.node.id}-start`, { actions: ["states:StartExecution"], resources: [this.arn] });
  }
}
