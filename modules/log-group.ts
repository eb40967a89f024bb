import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Construct } from "constructs";

export type LogGroupProps = { readonly name: string; readonly retentionDays: number };

/** A log group made, and deleted, with what logs to it: left to the service, it would keep everything for ever. */
export class LogGroup extends Construct {
  readonly arn: string;
  readonly name: string;

  constructor(scope: Construct, id: string, { name, retentionDays }: LogGroupProps) {
    super(scope, id);
    const group = new CloudwatchLogGroup(this, "this", { name, retentionInDays: retentionDays });
    this.arn = group.arn;
    this.name = group.name;
  }
}
