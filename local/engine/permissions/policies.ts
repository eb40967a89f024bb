/** Every policy a stack declares, compiled once at start: what is not understood is a StartError, never an allow. */
import * as E from "fp-ts/Either";
import type { DeclaredStack } from "../catalog/catalog";
import { compile, type Policy, policyFaultLine, type PolicyKind } from "../iam/policy";
import type { JsonObject } from "../../json";
import { StartError } from "../../start-error";

export type DeclaredPolicies = {
  /** What a role may do, by the role's ARN; a role that is not declared may do nothing. */
  readonly identityOf: (roleArn: string) => ReadonlyArray<Policy>;
  /** Who may take a role on. */
  readonly trustOf: (roleArn: string) => ReadonlyArray<Policy>;
  /** Who may use a queue, topic, bucket (and its objects), function or key, by its ARN. */
  readonly resourceOf: (resource: string) => ReadonlyArray<Policy>;
  /** The customer's key that a queue, topic or bucket is encrypted with; none: a key of the service's own. */
  readonly keyOf: (resource: string) => string | undefined;
  readonly roles: ReadonlyArray<{ readonly arn: string; readonly name: string }>;
};

type Written = {
  readonly kind: PolicyKind;
  /** The ARN of the role or resource it is a policy of. */
  readonly of: string;
  readonly name: string;
  readonly document: string | JsonObject;
};

/** An object's ARN is its bucket's up to the first slash; nothing else with a resource policy has one. */
const ownerOf = (resource: string): string =>
  resource.startsWith("arn:aws:s3:::") ? (resource.split("/")[0] ?? resource) : resource;

const rolePolicies = (stack: DeclaredStack): ReadonlyArray<Written> => {
  const roles = stack("aws_iam_role");
  const arnOf = (address: string, nameOrId: string): string => {
    const role = roles.find(({ config }) => config.name === nameOrId);
    if (role === undefined) throw new StartError(`${address}: role: ${nameOrId} is no role of this stack`);
    return role.attribute("arn");
  };
  const managed = new Map(
    stack("aws_iam_policy").map(({ config, attribute }) => [attribute("arn"), config] as const),
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
    ...stack("aws_iam_role_policy").map(({ address, config }) => ({
      kind: "identity" as const,
      of: arnOf(address, config.role),
      name: `${config.role}/${config.name ?? address}`,
      document: config.policy,
    })),
    ...stack("aws_iam_role_policy_attachment").map(({ address, config }) => {
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

/** A permission is one statement of its function's policy. */
const permissions = (stack: DeclaredStack): ReadonlyArray<Written> =>
  stack("aws_lambda_permission").map(({ address, config }) => {
    const target = stack("aws_lambda_function").find(
      (one) =>
        one.attribute("arn") === config.function_name || one.config.function_name === config.function_name,
    );
    if (target === undefined) throw new StartError(`${address}: function_name: is no function of this stack`);
    const { principal, source_arn, source_account } = config;
    return {
      kind: "resource" as const,
      of: target.attribute("arn"),
      name: address,
      document: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: principal.endsWith(".amazonaws.com") ? { Service: principal } : { AWS: principal },
            Action: config.action,
            Resource: target.attribute("arn"),
            Condition: {
              ...(source_arn === undefined ? {} : { ArnLike: { "aws:SourceArn": source_arn } }),
              ...(source_account === undefined
                ? {}
                : { StringEquals: { "aws:SourceAccount": source_account } }),
            },
          },
        ],
      },
    };
  });

const resourcePolicies = (stack: DeclaredStack): ReadonlyArray<Written> => {
  const resource = (of: string, name: string, document: string): Written => ({
    kind: "resource",
    of,
    name,
    document,
  });
  const queues = new Map(
    stack("aws_sqs_queue").map(({ attribute }) => [attribute("url"), attribute("arn")] as const),
  );
  return [
    ...stack("aws_sqs_queue").flatMap(({ address, config, attribute }) =>
      config.policy === undefined ? [] : [resource(attribute("arn"), address, config.policy)],
    ),
    ...stack("aws_sqs_queue_policy").map(({ address, config }) => {
      const queue = queues.get(config.queue_url);
      if (queue === undefined) throw new StartError(`${address}: queue_url: is no queue of this stack`);
      return resource(queue, address, config.policy);
    }),
    ...stack("aws_sns_topic").flatMap(({ address, config, attribute }) =>
      config.policy === undefined ? [] : [resource(attribute("arn"), address, config.policy)],
    ),
    ...stack("aws_sns_topic_policy").map(({ address, config }) =>
      resource(config.arn, address, config.policy),
    ),
    ...stack("aws_s3_bucket_policy").map(({ address, config }) =>
      resource(`arn:aws:s3:::${config.bucket}`, address, config.policy),
    ),
    ...stack("aws_kms_key").flatMap(({ address, config, attribute }) =>
      config.policy === undefined ? [] : [resource(attribute("arn"), address, config.policy)],
    ),
    ...permissions(stack),
  ];
};

/** The keys of the stack's own that its queues, topics and buckets are encrypted with, by the encrypted ARN. */
const keys = (stack: DeclaredStack): ReadonlyMap<string, string> => {
  const declared = stack("aws_kms_key");
  const keyArn = (address: string, written: string): string => {
    const key = declared.find(({ attribute }) =>
      [attribute("arn"), attribute("id"), attribute("key_id")].includes(written),
    );
    if (key === undefined)
      throw new StartError(
        `${address}: ${written} is no key of this stack, so nobody here knows who may use it`,
      );
    return key.attribute("arn");
  };
  const uses = [
    ...stack("aws_sqs_queue").map(({ address, config, attribute }) => ({
      address: `${address}: kms_master_key_id`,
      of: attribute("arn"),
      key: config.kms_master_key_id,
    })),
    ...stack("aws_sns_topic").map(({ address, config, attribute }) => ({
      address: `${address}: kms_master_key_id`,
      of: attribute("arn"),
      key: config.kms_master_key_id,
    })),
    ...stack("aws_s3_bucket_server_side_encryption_configuration").flatMap(({ address, config }) =>
      (config.rule ?? []).map(({ apply_server_side_encryption_by_default: applied }) => ({
        address: `${address}: kms_master_key_id`,
        of: `arn:aws:s3:::${config.bucket}`,
        key: applied?.kms_master_key_id,
      })),
    ),
  ];
  return new Map(
    uses.flatMap(({ address, of, key }) =>
      // AWS's own key of a service lets everybody in who may use the service.
      key === undefined || key.startsWith("alias/aws/") ? [] : [[of, keyArn(address, key)] as const],
    ),
  );
};

/** Throws a StartError that lists everything in every policy that is not understood. */
export const declaredPolicies = (stack: DeclaredStack): DeclaredPolicies => {
  const faults: string[] = [];
  const compiled = [...rolePolicies(stack), ...resourcePolicies(stack)].flatMap((written) => {
    const policy = compile(written.name, written.kind, written.document);
    if (E.isRight(policy)) return [{ kind: written.kind, of: written.of, policy: policy.right }];
    faults.push(...policy.left.map(policyFaultLine));
    return [];
  });
  if (faults.length > 0) throw new StartError(faults.join("\n"));
  const encryptedWith = keys(stack);
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
    roles: stack("aws_iam_role").map(({ config, attribute }) => ({
      arn: attribute("arn"),
      name: config.name,
    })),
  };
};
