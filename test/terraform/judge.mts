import * as E from "fp-ts/Either";
import type { FurtherKeys } from "../../local/engine/iam/conditions";
import { decide, type Decision } from "../../local/engine/iam/decide";
import { denialHint, denialMessage } from "../../local/engine/iam/denial";
import type { PolicyKind } from "../../local/engine/iam/document";
import { compile, type Policy, policyFaultLine } from "../../local/engine/iam/policy";
import type { Principal, Request } from "../../local/engine/iam/request";
import type { AccountMemory } from "./account-memory.mts";
import type { Access } from "./asked.mts";
import { Failure } from "./report.mts";

/** The evaluator of the local platform, on the requests of the provider. */

/** A role that a run acts under. */
export type RunRole = { readonly principal: Principal; readonly policies: ReadonlyArray<Policy> };

/** What AWS would answer, and the line for whoever has to grant it. */
export type Refusal = { readonly message: string; readonly hint: string };

/** The condition keys that requests.mts states besides those that the local platform knows. */
const FURTHER: FurtherKeys = {
  single: [
    ...["aws:RequestTag/", "aws:ResourceTag/"],
    ...["iam:AWSServiceName", "iam:PassedToService", "iam:PermissionsBoundary", "iam:PolicyARN"],
    ...["kms:RequestAlias", "lambda:FunctionArn"],
  ],
  many: ["aws:TagKeys"],
};

/** @throws what in the policy is not understood: it may not be passed over */
export const policyNamed = (name: string, kind: PolicyKind, document: string): Policy => {
  const compiled = compile(name, kind, document, FURTHER);
  if (E.isLeft(compiled)) throw new Failure(compiled.left.map(policyFaultLine).join("\n"));
  return compiled.right;
};

/** A key of AWS's own lets the account's policies say who may look at it; nothing here uses it. */
const AWS_KEY = (account: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: ["kms:Describe*", "kms:Get*", "kms:List*"],
      Resource: "*",
    },
  });

/** A key decides by its own policy; all else is the account's own, and its roles' policies suffice. */
const keyPolicies = ({ action, resource }: Access, memory: AccountMemory): ReadonlyArray<Policy> => {
  if (!action.startsWith("kms:")) return [];
  const [account = ""] = /\d{12}/.exec(resource) ?? [];
  const document = resource.includes(":key/of-alias/aws/") ? AWS_KEY(account) : memory.keyPolicyOf(resource);
  return document === undefined ? [] : [policyNamed(`of ${resource}`, "resource", document)];
};

const contextIn = ({ context }: Request): string =>
  JSON.stringify(
    Object.fromEntries(Object.entries(context).filter(([key]) => key !== "aws:SecureTransport")),
  );

/** Statements that allow the action elsewhere, or under another condition: one of them is usually the wrong one. */
const nearMisses = ({ policies }: RunRole, { action }: Request): string => {
  const near = policies.flatMap(({ name, statements }) =>
    statements
      .filter(({ effect, actions }) => effect === "Allow" && actions.covers(action))
      .map(({ id, resources }) => `${name} ${id} (on ${resources.words.join(", ")})`),
  );
  return near.length === 0 ? "no statement has the action" : `the action stands in ${near.join("; ")}`;
};

const refused = (
  role: RunRole,
  request: Request,
  decision: Exclude<Decision, { _tag: "Allowed" }>,
): Refusal => ({
  message: denialMessage(request, decision),
  hint: `${denialHint(request, decision)}\n  asked with ${contextIn(request)}; ${nearMisses(role, request)}`,
});

/** @param accesses what a call needs, or why that is not known, which nobody may then do */
export const refusalOf = (
  role: RunRole,
  accesses: ReadonlyArray<Access> | string,
  memory: AccountMemory,
): Refusal | undefined => {
  if (typeof accesses === "string") return { message: accesses, hint: accesses };
  for (const access of accesses) {
    const request: Request = { principal: role.principal, ...access };
    const resource = keyPolicies(access, memory);
    const decision = decide(request, {
      identity: role.policies,
      resource,
      resourceDecides: resource.length > 0,
    });
    if (decision._tag !== "Allowed") return refused(role, request, decision);
  }
  return undefined;
};
