/** Permissions, decided where every call passes by the policies that would be deployed. */
import * as E from "fp-ts/Either";
import type { AwsService } from "../service";
import { accessDenied, unknownOperation } from "../wire/errors";
import type { AwsCall } from "./call";
import type { Caller } from "./callers";
import { AwsError } from "./errors";
import type { Step } from "./gateway";
import { decide, type Decision } from "../iam/decide";
import { denialHint, denialMessage } from "../iam/denial";
import type { Context, Principal, Request } from "../iam/request";
import type { Access } from "../wire/access";
import type { Policy } from "../iam/policy";

/** Every policy that is declared, by what it is about. */
export type DeclaredPolicies = {
  /** What a role may do, by the role's ARN; a role that is not declared may do nothing. */
  readonly identityOf: (roleArn: string) => ReadonlyArray<Policy>;
  /** Who may assume a role. */
  readonly trustOf: (roleArn: string) => ReadonlyArray<Policy>;
  /** Who may use a queue, topic, bucket (and its objects), function or key, by its ARN. */
  readonly resourceOf: (resource: string) => ReadonlyArray<Policy>;
  /** The customer-managed key that a queue, topic or bucket is encrypted with; none: the service's own key. */
  readonly keyOf: (resource: string) => string | undefined;
  readonly roles: ReadonlyArray<{ readonly arn: string; readonly name: string }>;
};

export type Permissions = {
  readonly policies: DeclaredPolicies;
  readonly region: string;
  readonly account: string;
  /** What a service does, in its caller's name, with the key that a resource is encrypted with. */
  readonly keyAccesses: (access: Access, service: AwsService) => ReadonlyArray<Access>;
  /** Told of each decision. */
  readonly onDecided: (request: Request, decision: Decision) => void;
  /** Told once of each missing grant, with the statement to add. */
  readonly onMissing: (hint: string) => void;
};

/**
 * The principal that policies see. The platform's own bookkeeping is not subject to them; the operator is the
 * account's administrator; a route without authorization has no principal, one with tokens has checked them; and
 * Lambda, once it has read a queue under the function's role, needs no permission for its own functions.
 */
const principalOf = (caller: Caller, account: string): Principal | undefined => {
  switch (caller.kind) {
    case "role": {
      const name = caller.arn.slice(caller.arn.lastIndexOf("/") + 1);
      return { _tag: "Role", account: caller.arn.split(":")[4] ?? account, name, session: name };
    }
    case "service":
      return caller.unquestioned === true ? undefined : { _tag: "Service", name: caller.principal };
    case "bearer":
    case "operator":
    case "anonymous":
    case "platform":
      return undefined;
  }
};

/** What is true of every local call: loopback stands for the TLS that a deployed call comes over. */
const contextOf = (caller: Caller, { region, account }: Permissions): Context => ({
  "aws:SecureTransport": "true",
  "aws:SourceIp": "127.0.0.1",
  "aws:RequestedRegion": region,
  ...(caller.kind === "service" ? { "aws:SourceArn": caller.sourceArn, "aws:SourceAccount": account } : {}),
});

const judge = (request: Request, identity: ReadonlyArray<Policy>, policies: DeclaredPolicies): Decision =>
  decide(request, {
    identity,
    resource: policies.resourceOf(request.resource),
    // A key's own policy must allow the use too: a role's policies alone do not.
    resourceDecides: request.action.startsWith("kms:"),
  });

/** Passes a call on if everything it needs is allowed; otherwise answers as the service itself would. */
export const authorize = (permissions: Permissions): Step => {
  const told = new Set<string>();
  const tell = (hint: string): void => {
    if (told.has(hint)) return;
    told.add(hint);
    permissions.onMissing(hint);
  };
  const refuse = (call: AwsCall, message: string): never => {
    const { code, message: shown, status } = accessDenied(call.service, message);
    throw new AwsError(code, shown, status);
  };
  return (call, next) => {
    const principal = principalOf(call.caller, permissions.account);
    if (principal === undefined) return next(call);
    const asked = call.asked();
    if (E.isLeft(asked)) {
      tell(
        `${call.service.name} ${asked.left.operation}: the local platform cannot tell what this needs, so nobody may`,
      );
      const { code, message, status } = unknownOperation(call.service, asked.left.operation);
      throw new AwsError(code, message, status);
    }
    const context = contextOf(call.caller, permissions);
    const identity = call.caller.kind === "role" ? permissions.policies.identityOf(call.caller.arn) : [];
    for (const access of asked.right.accesses.flatMap((one) => [
      one,
      ...permissions.keyAccesses(one, call.service),
    ])) {
      const request: Request = { principal, ...access, context: { ...context, ...access.context } };
      const decision = judge(request, identity, permissions.policies);
      permissions.onDecided(request, decision);
      if (decision._tag === "Allowed") continue;
      tell(denialHint(request, decision));
      refuse(call, denialMessage(request, decision));
    }
    return next(call);
  };
};
