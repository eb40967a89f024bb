/** IAM policies as values. Tokens in them become Terraform references when the stack is synthesized. */

type Condition = Readonly<Record<string, Readonly<Record<string, string | ReadonlyArray<string>>>>>;

/** A statement of a role's own policy: exactly these actions on exactly these resources. */
export type Grant = {
  readonly actions: readonly [string, ...string[]];
  readonly resources: readonly [string, ...string[]];
  readonly condition?: Condition;
};

type Principal = "*" | { readonly Service: string } | { readonly AWS: string };

/** A statement of a resource's policy. */
export type ResourceStatement = {
  readonly sid: string;
  readonly effect: "Allow" | "Deny";
  readonly principal: Principal;
  readonly actions: readonly [string, ...string[]];
  readonly resources: readonly [string, ...string[]];
  readonly condition?: Condition;
};

const document = (statements: ReadonlyArray<unknown>): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

const one = (values: readonly [string, ...string[]]): string | ReadonlyArray<string> =>
  values.length === 1 ? values[0] : values;

export const identityPolicy = (grants: ReadonlyArray<Grant>): string =>
  document(
    grants.map(({ actions, resources, condition }) => ({
      Effect: "Allow",
      Action: one(actions),
      Resource: one(resources),
      ...(condition === undefined ? {} : { Condition: condition }),
    })),
  );

export const resourcePolicy = (statements: ReadonlyArray<ResourceStatement>): string =>
  document(
    statements.map(({ sid, effect, principal, actions, resources, condition }) => ({
      Sid: sid,
      Effect: effect,
      Principal: principal,
      Action: one(actions),
      Resource: one(resources),
      ...(condition === undefined ? {} : { Condition: condition }),
    })),
  );

export const LAMBDA = "lambda.amazonaws.com";
export const STATES = "states.amazonaws.com";
export const SCHEDULER = "scheduler.amazonaws.com";

/**
 * Who may assume a role: one service, for resources of one account. Lambda states no source account when it
 * assumes a function's role (and assumes it for functions of the role's own account only).
 */
export const trustPolicy = (service: string, accountId: string): string =>
  document([
    {
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      ...(service === LAMBDA ? {} : { Condition: { StringEquals: { "aws:SourceAccount": accountId } } }),
    },
  ]);

/** The subject of a token that a provider has signed: every claim must match exactly. */
export type Federation = {
  /** Of the identity provider in the account. */
  readonly providerArn: string;
  /** As tokens name it: `token.actions.githubusercontent.com`. */
  readonly issuer: string;
  readonly audience: string;
  /** The token's subject. A `*` admits everyone it covers: only where the account need not tell them apart. */
  readonly subject: string;
};

export const federatedTrustPolicy = ({ providerArn, issuer, audience, subject }: Federation): string =>
  document([
    {
      Effect: "Allow",
      Principal: { Federated: providerArn },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: subject.includes("*")
        ? { StringEquals: { [`${issuer}:aud`]: audience }, StringLike: { [`${issuer}:sub`]: subject } }
        : { StringEquals: { [`${issuer}:aud`]: audience, [`${issuer}:sub`]: subject } },
    },
  ]);

/** Denies everyone without TLS, whatever else allows it. */
export const denyWithoutTls = (
  action: string,
  resources: readonly [string, ...string[]],
): ResourceStatement => ({
  sid: "DenyWithoutTls",
  effect: "Deny",
  principal: "*",
  actions: [action],
  resources,
  condition: { Bool: { "aws:SecureTransport": "false" } },
});
