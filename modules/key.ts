import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { resourcePolicy } from "./policy";

export type KeyProps = {
  readonly name: string;
  readonly accountId: string;
  /** Services that encrypt with it for resources of the account, e.g. `cloudwatch.amazonaws.com`. */
  readonly services: ReadonlyArray<string>;
  /** Roles that manage the key, and roles that look at how it is set, by their ARNs; each must exist. */
  readonly administrators?: { readonly apply: string; readonly plan: string };
  /** For a key whose loss makes data unreadable. */
  readonly preventDestroy?: boolean;
};

const LOOK = [
  "kms:DescribeKey",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListResourceTags",
] as const;
const MANAGE = [
  ...LOOK,
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:EnableKeyRotation",
  "kms:PutKeyPolicy",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
] as const;

/** A customer-managed key, rotated every year: a service's default key does not let other services write. */
export class Key extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: KeyProps) {
    super(scope, id);
    const { name, accountId, services, administrators, preventDestroy = false } = props;
    const key = new KmsKey(this, "this", {
      description: name,
      enableKeyRotation: true,
      ...(preventDestroy ? { lifecycle: { preventDestroy } } : {}),
      // In a key's own policy `*` is this key. The account's administrators must keep access, or it is lost.
      policy: resourcePolicy([
        {
          sid: "Account",
          effect: "Allow",
          principal: { AWS: `arn:aws:iam::${accountId}:root` },
          actions: ["kms:*"],
          resources: ["*"],
        },
        ...(administrators === undefined
          ? []
          : [
              {
                sid: "Manage",
                effect: "Allow" as const,
                principal: { AWS: administrators.apply },
                actions: MANAGE,
                resources: ["*"] as const,
              },
              {
                sid: "Look",
                effect: "Allow" as const,
                principal: { AWS: administrators.plan },
                actions: LOOK,
                resources: ["*"] as const,
              },
            ]),
        ...services.map((service, index) => ({
          sid: `Service${index}`,
          effect: "Allow" as const,
          principal: { Service: service },
          actions: ["kms:Decrypt", "kms:GenerateDataKey*"] as const,
          resources: ["*"] as const,
          condition: { StringEquals: { "aws:SourceAccount": accountId } },
        })),
      ]),
    });
    new KmsAlias(this, "alias", { name: `alias/${name}`, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}
