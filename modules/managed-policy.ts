import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { Construct } from "constructs";
import { type Grant, identityPolicy } from "./policy";

export type ManagedPolicyProps = {
  /** At most 128 characters. */
  readonly name: string;
  /** `/name/`; a part of the policy's ARN. */
  readonly path: string;
  /** At most 6,144 characters of policy. */
  readonly grants: readonly [Grant, ...Grant[]];
};

/** A managed policy: for several roles, or as a permissions boundary. */
export class ManagedPolicy extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, path, grants }: ManagedPolicyProps) {
    super(scope, id);
    this.arn = new IamPolicy(this, "this", { name, path, policy: identityPolicy(grants) }).arn;
  }
}
