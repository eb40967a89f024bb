import { isLeft } from "fp-ts/Either";
import * as t from "io-ts";
import { ACCOUNT } from "./account-memory.mts";
import { policyNamed, type RunRole } from "./judge.mts";
import { Failure } from "./report.mts";

/** The roles of HCP Terraform's runs, with the policies that the account's stack gives them. */

/** `decommission`: the apply role of an environment whose end was decided. */
export type Phase = "plan" | "apply" | "decommission";

const Attached = t.type({ role: t.string, policy_arn: t.string });
const Own = t.type({ name: t.string, role: t.string, policy: t.string });
const Managed = t.type({ name: t.string, policy: t.string });
const Stack = t.type({
  resource: t.type({
    aws_iam_policy: t.record(t.string, Managed),
    aws_iam_role_policy: t.record(t.string, Own),
    aws_iam_role_policy_attachment: t.record(t.string, Attached),
  }),
});

const roleIn = (
  { resource }: t.TypeOf<typeof Stack>,
  environment: string,
  phase: "plan" | "apply",
): RunRole => {
  const role = `${environment}-hcp-${phase}`;
  const isOf = (one: { readonly role: string }): boolean =>
    one.role.includes(`aws_iam_role.${environment}_hcp_${phase}.`);
  const attached = Object.values(resource.aws_iam_role_policy_attachment)
    .filter(isOf)
    .flatMap(
      ({ policy_arn: arn }) => resource.aws_iam_policy[/aws_iam_policy\.(\w+)\./.exec(arn)?.[1] ?? ""] ?? [],
    );
  const policies = [...Object.values(resource.aws_iam_role_policy).filter(isOf), ...attached];
  if (policies.length === 0) throw new Failure(`the account's stack gives ${role} no policy`);
  return {
    principal: { _tag: "Role", account: ACCOUNT, name: `account/${role}`, session: "run" },
    policies: policies.map(({ name, policy }) => policyNamed(`${role}/${name}`, "identity", policy)),
  };
};

/** Runs are told apart by the key that they sign with. */
export const accessKeyOf = (environment: string, phase: Phase): string => `${environment}-${phase}`;

export type RolesOf = (environment: string, phase: "plan" | "apply") => RunRole;

/** @param stack the account's, as it is synthesized */
export const rolesIn = (stack: unknown): RolesOf => {
  const decoded = Stack.decode(stack);
  if (isLeft(decoded)) throw new Failure("the account's stack declares no policies");
  return (environment, phase) => roleIn(decoded.right, environment, phase);
};

/**
 * The role of each access key.
 *
 * @param ending the roles once prod's end was decided
 */
export const runRoles = (shipped: RolesOf, ending: RolesOf): ReadonlyMap<string, RunRole> =>
  new Map([
    ...["dev", "staging", "prod"].flatMap((environment) =>
      (["plan", "apply"] as const).map(
        (phase) => [accessKeyOf(environment, phase), shipped(environment, phase)] as const,
      ),
    ),
    [accessKeyOf("prod", "decommission"), ending("prod", "apply")],
  ]);
