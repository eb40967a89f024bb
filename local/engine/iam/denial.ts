/** A refusal in AWS's words, and the statement that would have prevented it. */
import type { Decision } from "./decide";
import { principalArn, type Request } from "./request";

export type Denial = Exclude<Decision, { readonly _tag: "Allowed" }>;

const reason = (denial: Denial, { principal, action }: Request): string => {
  if (denial._tag === "ImplicitlyDenied")
    return action === "sts:AssumeRole" || principal._tag === "Service"
      ? `because no resource-based policy allows the ${action} action`
      : `because no identity-based policy allows the ${action} action`;
  const kind = denial.by.kind === "identity" ? "an identity-based policy" : "a resource-based policy";
  return `with an explicit deny in ${kind}`;
};

/** `User: arn:… is not authorized to perform: dynamodb:PutItem on resource: arn:… because …`. */
export const denialMessage = (request: Request, denial: Denial): string =>
  `User: ${principalArn(request.principal)} is not authorized to perform: ${request.action} ` +
  `on resource: ${request.resource} ${reason(denial, request)}`;

const SERVICE_NEEDS: Readonly<Record<string, string>> = {
  "lambda:InvokeFunction": "aws_lambda_permission",
};

/** One line for the terminal: who lacks what, as the statement to add or the one that stands in the way. */
export const denialHint = ({ principal, action, resource }: Request, denial: Denial): string => {
  const who = principal._tag === "Role" ? `role ${principal.name}` : principalArn(principal);
  if (denial._tag === "ExplicitlyDenied")
    return `${who}: statement ${denial.by.statement} of policy ${denial.by.policy} denies ${action} on ${resource}`;
  if (principal._tag === "Service") {
    const element = { Effect: "Allow", Principal: { Service: principal.name }, Action: action };
    const where = SERVICE_NEEDS[action] ?? "the resource's policy";
    return `${who} lacks in ${where}: ${JSON.stringify({ ...element, Resource: resource })}`;
  }
  return `${who} lacks: ${JSON.stringify({ Effect: "Allow", Action: action, Resource: resource })}`;
};
