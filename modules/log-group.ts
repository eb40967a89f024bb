import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Construct } from "constructs";
import type { Grant } from "./policy";

export type LogGroupProps = { readonly name: string; readonly retentionDays: number };

/** A log group created and deleted with what logs to it: one that the service creates keeps everything for ever. */
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

/** Delivering logs has no resource to name: Step Functions' own documentation says `*`. */
export const LOG_DELIVERY: Grant = {
  actions: [
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
  ],
  resources: ["*"],
};
