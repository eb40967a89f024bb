import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { ManagedPolicy } from "./managed-policy";
import { federatedTrustPolicy, type Federation, type Grant, identityPolicy, trustPolicy } from "./policy";

export type RoleProps = {
  /** At most 64 characters. */
  readonly name: string;
  /** `/name/`; a part of the role's ARN. */
  readonly path?: string;
} & (
  | {
      /** The service that assumes the role, e.g. `lambda.amazonaws.com`. */
      readonly service: string;
      readonly accountId: string;
    }
  | { readonly federation: Federation }
);

/** Something that acts under a role and can be given permissions. */
export interface Grantee {
  readonly role: Role;
}

/** A role that one service or one outside identity assumes, with one inline policy per thing it was granted. */
export class Role extends Construct {
  readonly arn: string;
  readonly name: string;
  private readonly granted: IamRolePolicy[] = [];

  constructor(scope: Construct, id: string, props: RoleProps) {
    super(scope, id);
    const role = new IamRole(this, "this", {
      name: props.name,
      ...(props.path === undefined ? {} : { path: props.path }),
      assumeRolePolicy:
        "federation" in props
          ? federatedTrustPolicy(props.federation)
          : trustPolicy(props.service, props.accountId),
    });
    this.arn = role.arn;
    this.name = role.name;
  }

  /**
   * Adds a policy.
   * @param id what the policy is for, unique within the role, e.g. `orders-table-write`
   */
  grant(id: string, ...grants: readonly [Grant, ...Grant[]]): void {
    this.granted.push(
      new IamRolePolicy(this, id, { name: id, role: this.name, policy: identityPolicy(grants) }),
    );
  }

  /** Attaches a managed policy; a role's inline policies may have 10,240 characters in all. */
  attach(id: string, { arn }: ManagedPolicy): void {
    new IamRolePolicyAttachment(this, id, { role: this.name, policyArn: arn });
  }

  /** The policies granted so far, for resources that must not be created before the role can act. */
  get policies(): ITerraformDependable[] {
    return [...this.granted];
  }
}

/** Tracing has no resource to name: X-Ray's own documentation says `*`. */
export const TRACING: Grant = {
  actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
  resources: ["*"],
};

/** Step Functions asks for the rules of sampling too, which Lambda knows by itself. */
export const SAMPLING: Grant = {
  actions: ["xray:GetSamplingRules", "xray:GetSamplingTargets"],
  resources: ["*"],
};
