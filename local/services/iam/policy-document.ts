import * as t from "io-ts";
import type { Json } from "../../json";
import { block, many } from "../../engine/stack/block";

const principal = block({ type: t.string, identifiers: t.readonlyArray(t.string) }, {});
const condition = block({ test: t.string, variable: t.string, values: t.readonlyArray(t.string) }, {});

export const statement = block(
  {},
  {
    sid: t.string,
    effect: t.string,
    actions: t.readonlyArray(t.string),
    not_actions: t.readonlyArray(t.string),
    resources: t.readonlyArray(t.string),
    not_resources: t.readonlyArray(t.string),
    principals: many(principal),
    not_principals: many(principal),
    condition: many(condition),
  },
);

const principalsOf = (principals: ReadonlyArray<t.TypeOf<typeof principal>>): Json =>
  principals.some(({ type, identifiers }) => type === "*" && identifiers.includes("*"))
    ? "*"
    : Object.fromEntries(principals.map(({ type, identifiers }) => [type, identifiers]));

const conditionsOf = (conditions: ReadonlyArray<t.TypeOf<typeof condition>>): Json => {
  const byTest: Record<string, Record<string, Json>> = {};
  for (const { test, variable, values } of conditions) byTest[test] = { ...byTest[test], [variable]: values };
  return byTest;
};

/** `data.aws_iam_policy_document`'s `json`. */
export const policyDocument = (
  statements: ReadonlyArray<t.TypeOf<typeof statement>>,
  version = "2012-10-17",
): string =>
  JSON.stringify({
    Version: version,
    Statement: statements.map((one) => ({
      ...(one.sid === undefined ? {} : { Sid: one.sid }),
      Effect: one.effect ?? "Allow",
      ...(one.actions === undefined ? {} : { Action: one.actions }),
      ...(one.not_actions === undefined ? {} : { NotAction: one.not_actions }),
      ...(one.resources === undefined ? {} : { Resource: one.resources }),
      ...(one.not_resources === undefined ? {} : { NotResource: one.not_resources }),
      ...(one.principals === undefined ? {} : { Principal: principalsOf(one.principals) }),
      ...(one.not_principals === undefined ? {} : { NotPrincipal: principalsOf(one.not_principals) }),
      ...(one.condition === undefined ? {} : { Condition: conditionsOf(one.condition) }),
    })),
  });
