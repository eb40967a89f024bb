import * as t from "io-ts";
import { jsonOrUndefined } from "../../lib/json";
import type { Grant } from "../shapes";
import { type Declared, referencesIn, referredBy, type Resource } from "./declared";

const Texts = t.union([t.string, t.array(t.string)]);
const Policy = t.type({
  Statement: t.array(t.type({ Effect: t.string, Action: Texts, Resource: Texts })),
});

const listOf = (texts: t.TypeOf<typeof Texts>): ReadonlyArray<string> =>
  typeof texts === "string" ? [texts] : texts;

/** None of a policy that is an expression: what it grants is not known here. */
const statementsOf = (policy: unknown): t.TypeOf<typeof Policy>["Statement"] => {
  const document = typeof policy === "string" ? jsonOrUndefined(policy) : undefined;
  return Policy.is(document) ? document.Statement : [];
};

/** The role that a resource acts under. */
const roleOf = ({ config }: Resource): string | undefined =>
  [config["role"], config["role_arn"], config["target"]]
    .flatMap(referencesIn)
    .find((address) => address.startsWith("aws_iam_role."));

/** What the policies of a resource's role allow, by the address it is allowed on; `*` where it is no resource. */
export const grantsOf = (declared: Declared, resource: Resource): ReadonlyArray<Grant> => {
  const role = roleOf(resource);
  if (role === undefined) return [];
  return declared
    .ofType("aws_iam_role_policy")
    .filter(({ config }) => referredBy(config["role"]) === role)
    .flatMap(({ config }) => statementsOf(config["policy"]))
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Action, Resource: on }) =>
      [...new Set(listOf(on).map((one) => referredBy(one) ?? one))].map((target) => ({
        actions: listOf(Action),
        on: target,
      })),
    );
};
