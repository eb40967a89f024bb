/** Who assumes which role: AWS refuses a function, machine or schedule whose role does not trust its service. */
import { decide } from "../../engine/iam/decide";
import { denialMessage } from "../../engine/iam/denial";
import type { Request } from "../../engine/iam/request";
import { StartError } from "../../start-error";
import type { DeclaredPolicies } from "../../engine/gateway/authorize";

/** A role that a service assumes for a resource. */
export type Assumption = {
  readonly where: string;
  readonly role: string;
  /** As trust policies name it: `lambda.amazonaws.com`. */
  readonly service: string;
  readonly sourceArn: string | undefined;
};

/** Throws a StartError that names each role that does not let in the service it was declared for. */
export const refuseUnassumable = (
  assumptions: ReadonlyArray<Assumption>,
  policies: DeclaredPolicies,
  account: string,
): void => {
  const refused = assumptions.flatMap(({ where, role, service, sourceArn }) => {
    const request: Request = {
      principal: { _tag: "Service", name: service },
      action: "sts:AssumeRole",
      resource: role,
      context: sourceArn === undefined ? {} : { "aws:SourceArn": sourceArn, "aws:SourceAccount": account },
    };
    const decision = decide(request, {
      identity: [],
      resource: policies.trustOf(role),
      resourceDecides: true,
    });
    return decision._tag === "Allowed" ? [] : [`${where}: ${denialMessage(request, decision)}`];
  });
  if (refused.length > 0) throw new StartError(refused.join("\n"));
};
