/** The shape of a policy document, before its kind, actions and conditions are looked at. */
import * as t from "io-ts";
import { oneOrMany, stringOf } from "../../../lib/codecs";
import { exactly } from "../../../lib/exactly";

/**
 * `identity`: attached to a role or user. `resource`: of a queue, bucket, topic, function or key. `trust`: who
 * may assume a role.
 */
export type PolicyKind = "identity" | "resource" | "trust";

const Text = new t.Type<string, unknown>(
  "a string",
  t.string.is,
  (value, context) => (typeof value === "string" ? t.success(value) : t.failure(value, context)),
  (value) => value,
);
const texts = oneOrMany(Text, "a string or a list of strings");

const Action = stringOf(
  '"*" or service:Action',
  (action) => action === "*" || /^[a-z0-9-]+:[A-Za-z0-9*?]+$/i.test(action),
);
const actions = oneOrMany(Action, '"*" or service:Action, or a list of them');

const Resource = stringOf('"*" or an ARN', (resource) => resource === "*" || resource.startsWith("arn:"));
const resources = oneOrMany(Resource, '"*" or an ARN, or a list of them');

/** What a condition is compared with; JSON's true and 1 are written for "true" and "1". */
const ConditionValue = new t.Type<string, unknown>(
  "a string, number or boolean",
  t.string.is,
  (value, context) =>
    typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? t.success(String(value))
      : t.failure(value, context),
  (value) => value,
);
const ConditionBlock = t.record(
  t.string,
  t.record(t.string, oneOrMany(ConditionValue, "a value or a list of values"), "condition keys"),
  "condition operators",
);
export type ConditionBlock = t.TypeOf<typeof ConditionBlock>;

const PrincipalMap = exactly({}, { AWS: texts, Service: texts }, "AWS or Service principals");
/** `"*"` is everybody, as `{"AWS": "*"}` is. */
const Principals = new t.Type<t.TypeOf<typeof PrincipalMap>, unknown>(
  '"*", or AWS or Service principals',
  PrincipalMap.is,
  (value, context) => (value === "*" ? t.success({ AWS: ["*"] }) : PrincipalMap.validate(value, context)),
  PrincipalMap.encode,
);
export type Principals = t.TypeOf<typeof Principals>;

export const Statement = exactly(
  { Effect: t.union([t.literal("Allow"), t.literal("Deny")], '"Allow" or "Deny"') },
  {
    Sid: Text,
    Action: actions,
    NotAction: actions,
    Resource: resources,
    NotResource: resources,
    Principal: Principals,
    NotPrincipal: Principals,
    Condition: ConditionBlock,
  },
  "a statement",
);
export type Statement = t.TypeOf<typeof Statement>;

/** Statements are decoded one by one, so that a fault can name its statement. */
export const Document = exactly(
  {
    Version: t.literal("2012-10-17", '"2012-10-17"'),
    Statement: oneOrMany(t.UnknownRecord, "a statement or a list of statements"),
  },
  { Id: Text },
  "a policy document",
);
