/** The principals of a statement of a resource or trust policy. */
import * as E from "fp-ts/Either";
import type { Principals } from "./document";
import { type Principal, principalArn, roleArn } from "./request";

/**
 * How a statement names the caller. `account`: it names only the account, which for an Allow means that
 * the account's own (identity) policies decide, and for a Deny everybody in it.
 */
export type Naming = "named" | "account" | "none";
export type NamesPrincipal = (principal: Principal) => Naming;

const ACCOUNT = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/;
const IDENTITY = /^arn:aws:(?:iam::\d{12}:(?:role|user)|sts::\d{12}:assumed-role)\/[^*?]+$/;
const SERVICE = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$/;

const wrong = ({ AWS = [], Service = [] }: Principals): string | undefined => {
  const aws = AWS.find((one) => one !== "*" && !ACCOUNT.test(one) && !IDENTITY.test(one));
  if (aws !== undefined) return `expected "*", an account, or a role, user or session ARN in AWS`;
  if (!Service.every((one) => SERVICE.test(one))) return "expected names as sns.amazonaws.com in Service";
  return AWS.length + Service.length === 0 ? "names nobody" : undefined;
};

const ownNames = (principal: Principal): ReadonlyArray<string> =>
  principal._tag === "Role"
    ? [roleArn(principal.account, principal.name), principalArn(principal)]
    : [principalArn(principal)];

const naming = ({ AWS = [], Service = [] }: Principals): NamesPrincipal => {
  const accounts = new Set(AWS.map((one) => ACCOUNT.exec(one)?.[1]));
  return (principal) => {
    if (AWS.includes("*")) return "named";
    if (principal._tag === "Service") return Service.includes(principal.name) ? "named" : "none";
    if (principal._tag === "Anonymous") return "none";
    if (ownNames(principal).some((name) => AWS.includes(name))) return "named";
    return accounts.has(principal.account) ? "account" : "none";
  };
};

export const compilePrincipals = (principals: Principals): E.Either<string, NamesPrincipal> => {
  const problem = wrong(principals);
  return problem === undefined ? E.right(naming(principals)) : E.left(problem);
};

/**
 * Everybody except those listed. As in AWS, a principal of an account is excepted only where the list has its
 * account too: a Deny that excepts a role but not its account denies the role as well.
 */
export const compileNotPrincipals = (principals: Principals): E.Either<string, NamesPrincipal> => {
  const problem = wrong(principals);
  if (problem !== undefined) return E.left(problem);
  if (principals.AWS?.includes("*") === true) return E.left('everybody but "*" is nobody');
  const names = naming(principals);
  const accounts = naming({ AWS: (principals.AWS ?? []).filter((one) => ACCOUNT.test(one)) });
  return E.right((principal) => {
    if (names(principal) !== "named") return "named";
    return principal._tag === "Service" || accounts(principal) === "account" ? "none" : "named";
  });
};
