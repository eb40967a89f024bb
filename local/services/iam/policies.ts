/** Every policy a stack declares, compiled once at start: what is not understood is a StartError, never an allow. */
import * as E from "fp-ts/Either";
import type { DeclaredPolicies } from "../../engine/gateway/authorize";
import type { DeclaredStack } from "../catalog";
import type { PolicyKind } from "../../engine/iam/document";
import { compile, type Policy, policyFaultLine } from "../../engine/iam/policy";
import { StartError } from "../../start-error";
import type { LocalService } from "../service";
import { keyArn } from "../kms/policies";
import type { DeclaredPolicy } from "./declared-policy";
import { inlineFault, managedFault, trustFault } from "./limits";
import { resources } from "./resources";

type Services = ReadonlyArray<Pick<LocalService, "policies" | "encryptions">>;

/** An object's ARN is its bucket's up to the first slash; nothing else with a resource policy has one. */
const ownerOf = (resource: string): string =>
  resource.startsWith("arn:aws:s3:::") ? (resource.split("/")[0] ?? resource) : resource;

export const rolePolicies = (stack: DeclaredStack): ReadonlyArray<DeclaredPolicy> => {
  const roles = stack(resources.aws_iam_role);
  const arnOf = (address: string, nameOrId: string): string => {
    const role = roles.find(({ config }) => config.name === nameOrId);
    if (role === undefined) throw new StartError(`${address}: role: ${nameOrId} is no role of this stack`);
    return role.attribute("arn");
  };
  const managed = new Map(
    stack(resources.aws_iam_policy).map(({ config, attribute }) => [attribute("arn"), config] as const),
  );
  return [
    ...roles.map(({ config, attribute }) => ({
      kind: "trust" as const,
      of: attribute("arn"),
      name: `trust of ${config.name}`,
      document: config.assume_role_policy,
    })),
    ...roles.flatMap(({ config, attribute }) =>
      (config.inline_policy ?? []).map(({ name, policy }) => ({
        kind: "identity" as const,
        of: attribute("arn"),
        name: `${config.name}/${name ?? "inline"}`,
        document: policy,
      })),
    ),
    ...stack(resources.aws_iam_role_policy).map(({ address, config }) => ({
      kind: "identity" as const,
      of: arnOf(address, config.role),
      name: `${config.role}/${config.name ?? address}`,
      document: config.policy,
    })),
    ...stack(resources.aws_iam_role_policy_attachment).map(({ address, config }) => {
      const policy = managed.get(config.policy_arn);
      if (policy === undefined)
        throw new StartError(
          `${address}: policy_arn: ${config.policy_arn} is not declared in this stack, so nobody here knows what it allows`,
        );
      return {
        kind: "identity" as const,
        of: arnOf(address, config.role),
        name: `${config.role}/${policy.name}`,
        document: policy.policy,
      };
    }),
  ];
};

/** The keys of the stack's own that its queues, topics and buckets are encrypted with, by the encrypted ARN. */
const keys = (stack: DeclaredStack, services: Services): ReadonlyMap<string, string> =>
  new Map(
    services
      .flatMap(({ encryptions }) => encryptions?.(stack) ?? [])
      .flatMap(({ address, of, key }) =>
        // AWS's own key of a service lets everybody in who may use the service.
        key === undefined || key.startsWith("alias/aws/") ? [] : [[of, keyArn(stack, address, key)] as const],
      ),
  );

/** Policies that are longer than AWS takes them. */
const sizeFaults = (stack: DeclaredStack): ReadonlyArray<string> => [
  ...stack(resources.aws_iam_role).flatMap(({ address, config }) => [
    ...trustFault(address, config.assume_role_policy),
    ...inlineFault(
      address,
      ...(config.inline_policy ?? []).map(({ policy }) => policy),
      ...stack(resources.aws_iam_role_policy).flatMap(({ config: { role, policy } }) =>
        role === config.name ? [policy] : [],
      ),
    ),
  ]),
  ...stack(resources.aws_iam_policy).flatMap(({ address, config }) => managedFault(address, config.policy)),
];

/** Throws a StartError that lists everything in every policy that is not understood. */
export const declaredPolicies = (stack: DeclaredStack, services: Services): DeclaredPolicies => {
  const faults = [...sizeFaults(stack)];
  const declared = services.flatMap(({ policies }) => policies?.(stack) ?? []);
  const compiled = declared.flatMap((written) => {
    const policy = compile(written.name, written.kind, written.document);
    if (E.isRight(policy)) return [{ kind: written.kind, of: written.of, policy: policy.right }];
    faults.push(...policy.left.map(policyFaultLine));
    return [];
  });
  if (faults.length > 0) throw new StartError(faults.join("\n"));
  const encryptedWith = keys(stack, services);
  const byOwner = (kind: PolicyKind) => {
    const found = Map.groupBy(
      compiled.filter((one) => one.kind === kind),
      ({ of }) => of,
    );
    // Asked at every call: sorted once.
    const policies = new Map([...found].map(([of, all]) => [of, all.map(({ policy }) => policy)]));
    return (of: string): ReadonlyArray<Policy> => policies.get(of) ?? [];
  };
  const resource = byOwner("resource");
  return {
    identityOf: byOwner("identity"),
    trustOf: byOwner("trust"),
    resourceOf: (arn) => resource(ownerOf(arn)),
    keyOf: (arn) => encryptedWith.get(ownerOf(arn)),
    roles: stack(resources.aws_iam_role).map(({ config, attribute }) => ({
      arn: attribute("arn"),
      name: config.name,
    })),
  };
};
