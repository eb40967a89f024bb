/** What the policies of one account say about one request. */
import type { PolicyKind } from "./document";
import type { Policy } from "./policy";
import type { Naming } from "./principals";
import { type Request, type Values, valuesOf } from "./request";
import type { CompiledStatement } from "./statement";

/** The words of a policy that covered a request: the record of use counts them. */
export type Grant = {
  readonly policy: string;
  readonly kind: PolicyKind;
  /** The Sid, or `#<index>`. */
  readonly statement: string;
  readonly action: string;
  readonly resource: string;
};

type StatementName = Pick<Grant, "policy" | "kind" | "statement">;

export type Decision =
  | { readonly _tag: "Allowed"; readonly by: ReadonlyArray<Grant> }
  | { readonly _tag: "ExplicitlyDenied"; readonly by: StatementName }
  | { readonly _tag: "ImplicitlyDenied" };

/**
 * `identity`: the policies of the one who asks. `resource`: those of what is asked for. `resourceDecides`: an
 * identity policy alone opens nothing (assuming a role, using a customer's KMS key): the resource's own policy
 * must name the principal, or its account and an identity policy the rest.
 */
export type Policies = {
  readonly identity: ReadonlyArray<Policy>;
  readonly resource?: ReadonlyArray<Policy>;
  readonly resourceDecides?: boolean;
};

type Covering = { readonly policy: Policy; readonly statement: CompiledStatement; readonly naming: Naming };

const covering = (
  policies: ReadonlyArray<Policy>,
  request: Request,
  values: Values,
): ReadonlyArray<Covering> =>
  policies.flatMap((policy) =>
    policy.statements
      .map((statement) => ({
        policy,
        statement,
        naming: statement.names === undefined ? ("named" as const) : statement.names(request.principal),
      }))
      .filter(
        ({ statement, naming }) =>
          naming !== "none" &&
          statement.actions.covers(request.action) &&
          statement.resources.covers(request.resource) &&
          statement.conditions.every((condition) => condition(values)),
      ),
  );

const nameOf = ({ policy, statement }: Covering): StatementName => ({
  policy: policy.name,
  kind: policy.kind,
  statement: statement.id,
});

const grantsOf = (one: Covering, { action, resource }: Request): ReadonlyArray<Grant> =>
  one.statement.actions.covering(action).flatMap((coveredAction) =>
    one.statement.resources.covering(resource).map((coveredResource) => ({
      ...nameOf(one),
      action: coveredAction,
      resource: coveredResource,
    })),
  );

/** An explicit deny anywhere wins; then one allow suffices; nothing said is a no. */
export const decide = (request: Request, policies: Policies): Decision => {
  const values = valuesOf(request);
  const identity = covering(policies.identity, request, values);
  const resource = covering(policies.resource ?? [], request, values);

  const denying = [...identity, ...resource].find(({ statement }) => statement.effect === "Deny");
  if (denying !== undefined) return { _tag: "ExplicitlyDenied", by: nameOf(denying) };

  const byIdentity = identity.filter(({ statement }) => statement.effect === "Allow");
  const byResource = resource.filter(({ statement }) => statement.effect === "Allow");
  const named = byResource.filter(({ naming }) => naming === "named");
  const delegated = byResource.length > 0 && byIdentity.length > 0;
  const allowed = named.length > 0 || (policies.resourceDecides === true ? delegated : byIdentity.length > 0);
  if (!allowed) return { _tag: "ImplicitlyDenied" };
  return { _tag: "Allowed", by: [...byIdentity, ...byResource].flatMap((one) => grantsOf(one, request)) };
};
