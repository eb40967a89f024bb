import * as t from "io-ts";
import type { Environment } from "../../../environments/environment";
import { type Attributes, type Declared, parsed } from "../../support/synth";

/** A policy every synthesized stack keeps: one sentence, and who breaks it. */

export type Stack = { readonly environment: Environment; readonly declared: Declared };
export type Violation = { readonly address: string; readonly problem: string };
export type Check = (stack: Stack) => ReadonlyArray<Violation>;

export type Rule = {
  readonly sentence: string;
  /** The environments it holds for, and why not for the others; without it, all of them. */
  readonly only?: {
    readonly environments: ReadonlyArray<string> | "every deployed environment";
    readonly why: string;
  };
  readonly check: Check;
};

export type Resource = { readonly address: string; readonly name: string; readonly attributes: Attributes };

export const resources = ({ declared }: Stack, type: string): ReadonlyArray<Resource> =>
  Object.entries(declared.all(type)).map(([name, attributes]) => ({
    address: `${type}.${name}`,
    name,
    attributes,
  }));

/** The value at a path such as `tracing_config.mode`; a list of one block is that block. */
export const at = (value: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((found, key) => {
    const one = Array.isArray(found) && found.length === 1 ? (found as ReadonlyArray<unknown>)[0] : found;
    return t.UnknownRecord.is(one) ? one[key] : undefined;
  }, value);

/** Checks each resource of a type by itself: what is wrong with it, or nothing. */
export const each =
  (type: string, problemOf: (resource: Resource, stack: Stack) => string | undefined): Check =>
  (stack) =>
    resources(stack, type).flatMap((resource) => {
      const problem = problemOf(resource, stack);
      return problem === undefined ? [] : [{ address: resource.address, problem }];
    });

/** Each resource of the types must have these values at these paths. */
export const has = (types: ReadonlyArray<string>, wanted: Readonly<Record<string, unknown>>): Check =>
  all(
    ...types.map((type) =>
      each(type, ({ attributes }) => {
        const missing = Object.entries(wanted).find(([path, value]) => at(attributes, path) !== value);
        return missing === undefined ? undefined : `set ${missing[0]} to ${String(missing[1])}`;
      }),
    ),
  );

export const all =
  (...checks: ReadonlyArray<Check>): Check =>
  (stack) =>
    checks.flatMap((check) => check(stack));

/** Whether an attribute refers to a resource: `${aws_sqs_queue.failures.arn}`. */
export const refersTo = (value: unknown, address: string): boolean =>
  new RegExp(`\\b${address.replace(".", "\\.")}\\b(?![-\\w])`).test(
    typeof value === "string" ? value : JSON.stringify(value ?? null),
  );

/** The resource of another type that belongs to this one: its bucket, queue_url, … refers to it. */
export const companion = (
  stack: Stack,
  { address }: Resource,
  type: string,
  by: string,
): Resource | undefined => resources(stack, type).find(({ attributes }) => refersTo(attributes[by], address));

const Statement = t.intersection([
  t.type({ Effect: t.string }),
  t.partial({
    Sid: t.string,
    Principal: t.unknown,
    Action: t.union([t.string, t.array(t.string)]),
    Resource: t.union([t.string, t.array(t.string)]),
    Condition: t.UnknownRecord,
  }),
]);
const Document = t.type({ Statement: t.array(Statement) });

/** The elements these rules read; one they would overlook (`NotAction`, `NotPrincipal`, …) must not pass. */
const ELEMENTS = ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"];

/** Why the rules could not read a policy, which would then break none of them. */
export const unreadable = (policy: unknown): string | undefined => {
  if (!t.string.is(policy) || !policy.startsWith("{")) return "write the policy out in the stack";
  const document = parsed(policy);
  if (!Document.is(document)) return "give its policy a list of statements, each with an Effect";
  const overlooked = document.Statement.flatMap((one) => Object.keys(one)).find(
    (element) => !ELEMENTS.includes(element),
  );
  return overlooked === undefined ? undefined : `say it without ${overlooked}: name what is meant`;
};
export type Statement = {
  readonly address: string;
  readonly effect: string;
  readonly principal: unknown;
  readonly actions: ReadonlyArray<string>;
  readonly resources: ReadonlyArray<string>;
  readonly condition: Readonly<Record<string, unknown>>;
};

/** The attribute in which each type holds its policy. */
export const RESOURCE_POLICIES = {
  aws_sqs_queue_policy: "policy",
  aws_sns_topic_policy: "policy",
  aws_s3_bucket_policy: "policy",
  aws_kms_key: "policy",
} as const;
export const IDENTITY_POLICIES = { aws_iam_role_policy: "policy" } as const;
export const TRUST_POLICIES = { aws_iam_role: "assume_role_policy" } as const;

/** None where it cannot be read, which a rule of its own reports. */
export const statementsOf = (policy: unknown, address: string): ReadonlyArray<Statement> => {
  const document = unreadable(policy) === undefined ? parsed(policy) : undefined;
  if (!Document.is(document)) return [];
  return document.Statement.map((one) => ({
    address,
    effect: one.Effect,
    principal: one.Principal,
    actions: [one.Action ?? []].flat(),
    resources: [one.Resource ?? []].flat(),
    condition: one.Condition ?? {},
  }));
};

const statements = (stack: Stack, policies: Readonly<Record<string, string>>): ReadonlyArray<Statement> =>
  Object.entries(policies).flatMap(([type, attribute]) =>
    resources(stack, type).flatMap(({ address, attributes }) => statementsOf(attributes[attribute], address)),
  );

/** Checks each statement of some policies by itself. */
export const eachStatement =
  (
    policies: Readonly<Record<string, string>>,
    problemOf: (statement: Statement, stack: Stack) => string | undefined,
  ): Check =>
  (stack) =>
    statements(stack, policies).flatMap((statement) => {
      const problem = problemOf(statement, stack);
      return problem === undefined ? [] : [{ address: statement.address, problem }];
    });
