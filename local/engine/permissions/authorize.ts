/** Permissions at the one place where every call passes: the policies that would be deployed decide. */
import * as E from "fp-ts/Either";
import { accessDenied, unknownOperation } from "../wire/errors";
import type { AwsCall } from "../gateway/call";
import type { Caller } from "../gateway/callers";
import { AwsError } from "../gateway/errors";
import type { Step } from "../gateway/gateway";
import { decide, type Decision, type Grant } from "../iam/decide";
import { denialHint, denialMessage } from "../iam/denial";
import type { Context, Principal, Request } from "../iam/request";
import { type Access, keyAccess, type Read, readApi, readRequest } from "../wire/requests";
import type { Policy } from "../iam/policy";
import type { DeclaredPolicies } from "./policies";

export type Permissions = {
  readonly policies: DeclaredPolicies;
  readonly region: string;
  readonly account: string;
  /** The id of the HTTP API a call came to. */
  readonly apiOf: (call: AwsCall) => string;
  /** Told of each role's call that was allowed, and by which words of which policies. */
  readonly onAllowed: (role: string, grants: ReadonlyArray<Grant>) => void;
  /** Told once of each thing that is missing, as the statement to add. */
  readonly onDenied: (hint: string) => void;
};

const LAMBDA = "lambda.amazonaws.com";

/**
 * Whom policies see. Nobody asks them about the platform's own bookkeeping; the operator is the account's
 * administrator; a route without authorization asks about nobody, one with tokens has looked at them; and Lambda, once it has read a queue under
 * the function's role, needs no permission for its own functions.
 */
const principalOf = (caller: Caller, account: string): Principal | undefined => {
  switch (caller.kind) {
    case "role": {
      const name = caller.arn.slice(caller.arn.lastIndexOf("/") + 1);
      return { _tag: "Role", account: caller.arn.split(":")[4] ?? account, name, session: name };
    }
    case "service":
      return caller.principal === LAMBDA ? undefined : { _tag: "Service", name: caller.principal };
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

/** What a service asks of the key that a queue, topic or bucket is encrypted with, in its caller's name. */
const KEY_USE: Readonly<Record<string, ReadonlyArray<"Decrypt" | "GenerateDataKey">>> = {
  "sns:Publish": ["GenerateDataKey", "Decrypt"],
  "sqs:SendMessage": ["GenerateDataKey", "Decrypt"],
  "sqs:ReceiveMessage": ["Decrypt"],
  "s3:PutObject": ["GenerateDataKey"],
  "s3:GetObject": ["Decrypt"],
};

const keyAccesses = (
  { action, resource }: Access,
  { policies, region }: Permissions,
): ReadonlyArray<Access> => {
  const key = policies.keyOf(resource);
  if (key === undefined) return [];
  const [service = ""] = action.split(":");
  return (KEY_USE[action] ?? []).map((use) => keyAccess(use, key, service, { region }));
};

const read = (call: AwsCall, { region, account, apiOf }: Permissions): Read => {
  const { service, method, url: target, headers, body } = call;
  return service === "execute-api"
    ? readApi({ method, target, region, account }, apiOf(call), "$default")
    : readRequest(service, { method, target, headers, body, region, account });
};

const judge = (request: Request, identity: ReadonlyArray<Policy>, policies: DeclaredPolicies): Decision =>
  decide(request, {
    identity,
    resource: policies.resourceOf(request.resource),
    // A key's own policy must let somebody in: what a role may do does not open it alone.
    resourceDecides: request.action.startsWith("kms:"),
  });

/** Lets a call through if everything it needs is allowed; else it is answered as the service itself would. */
export const authorize = (permissions: Permissions): Step => {
  const told = new Set<string>();
  const tell = (hint: string): void => {
    if (told.has(hint)) return;
    told.add(hint);
    permissions.onDenied(hint);
  };
  const refuse = (call: AwsCall, message: string): never => {
    const { code, message: shown, status } = accessDenied(call.service, message);
    throw new AwsError(code, shown, status);
  };
  return (call, next) => {
    const principal = principalOf(call.caller, permissions.account);
    if (principal === undefined) return next(call);
    const asked = read(call, permissions);
    if (E.isLeft(asked)) {
      tell(
        `${call.service} ${asked.left.operation}: the local platform cannot tell what this needs, so nobody may`,
      );
      const { code, message, status } = unknownOperation(call.service, asked.left.operation);
      throw new AwsError(code, message, status);
    }
    const context = contextOf(call.caller, permissions);
    const identity = call.caller.kind === "role" ? permissions.policies.identityOf(call.caller.arn) : [];
    for (const access of asked.right.accesses.flatMap((one) => [one, ...keyAccesses(one, permissions)])) {
      const request: Request = { principal, ...access, context: { ...context, ...access.context } };
      const decision = judge(request, identity, permissions.policies);
      if (decision._tag === "Allowed") {
        if (principal._tag === "Role") permissions.onAllowed(principal.name, decision.by);
        continue;
      }
      tell(denialHint(request, decision));
      refuse(call, denialMessage(request, decision));
    }
    return next(call);
  };
};
