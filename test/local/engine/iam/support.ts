import * as E from "fp-ts/Either";
import type { PolicyKind } from "../../../../local/engine/iam/document";
import { compile, type Policy, policyFaultLine } from "../../../../local/engine/iam/policy";
import type { Context, Principal, Request } from "../../../../local/engine/iam/request";

export const ACCOUNT = "123456789012";
export const TABLE = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/orders`;
export const QUEUE = `arn:aws:sqs:eu-west-1:${ACCOUNT}:orders`;

export const role: Principal = { _tag: "Role", account: ACCOUNT, name: "place-orders", session: "local" };
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/place-orders`;
export const sns: Principal = { _tag: "Service", name: "sns.amazonaws.com" };

export const policyOf = (
  kind: PolicyKind,
  name: string,
  ...Statement: ReadonlyArray<Readonly<Record<string, unknown>>>
): Policy => {
  const compiled = compile(name, kind, { Version: "2012-10-17", Statement });
  if (E.isLeft(compiled)) throw new Error(compiled.left.map(policyFaultLine).join("\n"));
  return compiled.right;
};

export const asking = (
  action: string,
  resource: string,
  { principal = role, context = {} }: { readonly principal?: Principal; readonly context?: Context } = {},
): Request => ({ principal, action, resource, context });
