import * as E from "fp-ts/Either";
import { decide } from "../../../../local/engine/iam/decide";
import { compile, policyFaultLine } from "../../../../local/engine/iam/policy";
import type { Context } from "../../../../local/engine/iam/request";
import { asking, policyOf, TABLE } from "./support";

const TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms";

/** Whether a statement under the condition covers a request with the context. */
const holds = (Condition: Readonly<Record<string, unknown>>, context: Context): boolean =>
  decide(asking("dynamodb:PutItem", TABLE, { context }), {
    identity: [policyOf("identity", "p", { Effect: "Allow", Action: "*", Resource: "*", Condition })],
  })._tag === "Allowed";

type Case = readonly [operator: string, key: string, wanted: unknown, holding: Context, failing: Context];

const cases: ReadonlyArray<Case> = [
  [
    "StringEquals",
    "aws:SourceAccount",
    ["1", "2"],
    { "aws:SourceAccount": "2" },
    { "aws:SourceAccount": "3" },
  ],
  ["StringEquals", "AWS:SOURCEACCOUNT", "a", { "aws:sourceaccount": "a" }, { "aws:SourceAccount": "A" }],
  [
    "StringNotEquals",
    "aws:SourceAccount",
    ["1", "2"],
    { "aws:SourceAccount": "3" },
    { "aws:SourceAccount": "2" },
  ],
  [
    "StringEqualsIgnoreCase",
    "aws:SourceAccount",
    "a",
    { "aws:SourceAccount": "A" },
    { "aws:SourceAccount": "b" },
  ],
  [
    "StringNotEqualsIgnoreCase",
    "aws:SourceAccount",
    "a",
    { "aws:SourceAccount": "b" },
    { "aws:SourceAccount": "A" },
  ],
  [
    "StringLike",
    "kms:ViaService",
    "s3.*.amazonaws.com",
    { "kms:ViaService": "s3.eu.amazonaws.com" },
    { "kms:ViaService": "sqs.eu.amazonaws.com" },
  ],
  ["StringNotLike", "s3:prefix", "private/*", { "s3:prefix": "orders/" }, { "s3:prefix": "private/x" }],
  ["ArnEquals", "aws:SourceArn", TOPIC, { "aws:SourceArn": TOPIC }, { "aws:SourceArn": `${TOPIC}2` }],
  [
    "ArnLike",
    "aws:SourceArn",
    "arn:aws:sns:*:*:al*",
    { "aws:SourceArn": TOPIC },
    { "aws:SourceArn": "alarms" },
  ],
  ["ArnNotEquals", "aws:SourceArn", TOPIC, { "aws:SourceArn": `${TOPIC}2` }, { "aws:SourceArn": TOPIC }],
  [
    "ArnNotLike",
    "aws:SourceArn",
    "arn:aws:sns:*:*:*",
    { "aws:SourceArn": "arn:aws:sqs:a:b:c" },
    { "aws:SourceArn": TOPIC },
  ],
  [
    "Bool",
    "aws:SecureTransport",
    false,
    { "aws:SecureTransport": "False" },
    { "aws:SecureTransport": "true" },
  ],
  ["NumericEquals", "s3:max-keys", 10, { "s3:max-keys": "10.0" }, { "s3:max-keys": "11" }],
  ["NumericNotEquals", "s3:max-keys", 10, { "s3:max-keys": "11" }, { "s3:max-keys": "10" }],
  ["NumericLessThan", "s3:max-keys", 10, { "s3:max-keys": "9" }, { "s3:max-keys": "10" }],
  ["NumericLessThanEquals", "s3:max-keys", 10, { "s3:max-keys": "10" }, { "s3:max-keys": "ten" }],
  ["NumericGreaterThan", "s3:max-keys", 10, { "s3:max-keys": "11" }, { "s3:max-keys": "10" }],
  ["NumericGreaterThanEquals", "s3:max-keys", 10, { "s3:max-keys": "10" }, { "s3:max-keys": "9" }],
  [
    "IpAddress",
    "aws:SourceIp",
    ["10.0.0.0/8", "::1"],
    { "aws:SourceIp": "10.9.9.9" },
    { "aws:SourceIp": "11.0.0.1" },
  ],
  ["NotIpAddress", "aws:SourceIp", "10.0.0.0/8", { "aws:SourceIp": "::1" }, { "aws:SourceIp": "10.0.0.1" }],
  ["Null", "aws:SourceArn", "true", {}, { "aws:SourceArn": TOPIC }],
  ["Null", "aws:SourceArn", false, { "aws:SourceArn": TOPIC }, {}],
];

it.each(cases)("%s on %s %j", (operator, key, wanted, holding, failing) => {
  expect(holds({ [operator]: { [key]: wanted } }, holding)).toBe(true);
  expect(holds({ [operator]: { [key]: wanted } }, failing)).toBe(false);
});

it("needs a key that is missing, but for negated and IfExists operators", () => {
  const on = (operator: string) => holds({ [operator]: { "aws:SourceAccount": "1" } }, {});
  expect(on("StringEquals")).toBe(false);
  expect(on("StringEqualsIfExists")).toBe(true);
  expect(on("StringNotEquals")).toBe(true);
  expect(on("ForAnyValue:StringEquals")).toBe(false);
  expect(on("ForAnyValue:StringNotEquals")).toBe(false);
  expect(on("ForAllValues:StringEquals")).toBe(true);
});

it("asks any or all of a key's values", () => {
  const keys = (...names: ReadonlyArray<string>): Context => ({ "kms:EncryptionContextKeys": names });
  const any = { "ForAnyValue:StringEquals": { "kms:EncryptionContextKeys": ["a", "b"] } };
  const all = { "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["a", "b"] } };
  const anyOther = { "ForAnyValue:StringNotEquals": { "kms:EncryptionContextKeys": ["a", "b"] } };
  expect([any, all, anyOther].map((one) => holds(one, keys("a", "c")))).toEqual([true, false, true]);
  expect([any, all, anyOther].map((one) => holds(one, keys("b", "a")))).toEqual([true, true, false]);
  expect([any, all, anyOther].map((one) => holds(one, keys("c")))).toEqual([false, false, true]);
});

it("needs every key of every operator", () => {
  const both = {
    StringEquals: { "aws:SourceAccount": "1", "kms:EncryptionContext:aws:s3:arn": "arn:x" },
    Bool: { "aws:SecureTransport": "true" },
  };
  const context = {
    "aws:SourceAccount": "1",
    "kms:EncryptionContext:aws:s3:arn": "arn:x",
    "aws:SecureTransport": "true",
  };
  expect(holds(both, context)).toBe(true);
  for (const key of Object.keys(context)) expect(holds(both, { ...context, [key]: "2" })).toBe(false);
});

it("knows the principal itself: a context cannot claim another", () => {
  const mine = { StringEquals: { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/admin" } };
  expect(holds(mine, { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/admin" })).toBe(false);
  expect(holds({ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/place-*" } }, {})).toBe(true);
});

describe("with the keys that a caller adds", () => {
  const further = {
    single: ["aws:RequestTag/", "iam:PassedToService"],
    many: ["aws:TagKeys"],
  };
  const compiled = (Condition: Readonly<Record<string, unknown>>) =>
    compile(
      "p",
      "identity",
      { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*", Condition } },
      further,
    );
  const allows = (condition: Readonly<Record<string, unknown>>, context: Context): boolean => {
    const policy = compiled(condition);
    if (E.isLeft(policy)) throw new Error(policy.left.map(policyFaultLine).join("\n"));
    return (
      decide(asking("kms:TagResource", "*", { context }), { identity: [policy.right] })._tag === "Allowed"
    );
  };

  it.each<[string, Readonly<Record<string, unknown>>, Context, Context]>([
    [
      "one of a family",
      { StringEquals: { "aws:RequestTag/environment": "dev" } },
      { "aws:RequestTag/environment": "dev" },
      { "aws:RequestTag/owner": "dev" },
    ],
    [
      "one by its name, in whichever case",
      { StringEquals: { "IAM:passedToService": "lambda.amazonaws.com" } },
      { "iam:PassedToService": "lambda.amazonaws.com" },
      { "iam:PassedToService": "ec2.amazonaws.com" },
    ],
    [
      "one of many values",
      { "ForAllValues:StringEquals": { "aws:TagKeys": ["owner", "environment"] } },
      { "aws:TagKeys": ["owner"] },
      { "aws:TagKeys": ["owner", "cost_centre"] },
    ],
  ])("understands %s", (_, condition, holding, failing) => {
    expect(allows(condition, holding)).toBe(true);
    expect(allows(condition, failing)).toBe(false);
  });

  it.each<[string, string, string]>([
    ["a key that is not added", "aws:ResourceTag/environment", "condition key not understood"],
    ["a key that only begins like a family", "aws:RequestTags", "condition key not understood"],
    ["many values compared as one", "aws:TagKeys", "has many values: expected ForAnyValue or ForAllValues"],
  ])("refuses %s", (_, key, problem) => {
    const policy = compiled({ StringEquals: { [key]: "x" } });
    expect(E.isLeft(policy) ? policy.left.map((fault) => fault.problem) : "compiled").toEqual([problem]);
  });
});
