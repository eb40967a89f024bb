/** Who takes which role on: AWS refuses a function, machine or schedule whose role does not let it. */
import type { DeclaredStack } from "../catalog";
import { decide } from "../../engine/iam/decide";
import { denialMessage } from "../../engine/iam/denial";
import type { Request } from "../../engine/iam/request";
import { StartError } from "../../start-error";
import type { DeclaredPolicies } from "../../engine/gateway/authorize";

type Assumption = {
  readonly where: string;
  readonly role: string;
  readonly service: string;
  /** Lambda states no source when it takes a role on. */
  readonly sourceArn: string | undefined;
};

const assumptions = (stack: DeclaredStack): ReadonlyArray<Assumption> => [
  ...stack("aws_lambda_function").map(({ address, config }) => ({
    where: `${address}: role`,
    role: config.role,
    service: "lambda.amazonaws.com",
    sourceArn: undefined,
  })),
  ...stack("aws_sfn_state_machine").map(({ address, config, attribute }) => ({
    where: `${address}: role_arn`,
    role: config.role_arn,
    service: "states.amazonaws.com",
    sourceArn: attribute("arn"),
  })),
  ...stack("aws_scheduler_schedule").map(({ address, config, attribute }) => ({
    where: `${address}: target.role_arn`,
    role: config.target.role_arn,
    service: "scheduler.amazonaws.com",
    sourceArn: attribute("arn"),
  })),
];

/** Throws a StartError that names each role that does not let in the service it was declared for. */
export const refuseUnassumable = (
  stack: DeclaredStack,
  policies: DeclaredPolicies,
  account: string,
): void => {
  const refused = assumptions(stack).flatMap(({ where, role, service, sourceArn }) => {
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
