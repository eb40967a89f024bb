import * as E from "fp-ts/Either";
import fc from "fast-check";
import type { PolicyKind } from "../../../../local/engine/iam/document";
import { compile, policyFaultLine } from "../../../../local/engine/iam/policy";

const allow = {
  Effect: "Allow",
  Action: "sqs:SendMessage",
  Resource: "arn:aws:sqs:eu-west-1:123456789012:orders",
};
const policy = (...Statement: ReadonlyArray<unknown>) => ({ Version: "2012-10-17", Statement });

const faults = (kind: PolicyKind, document: unknown): ReadonlyArray<string> =>
  E.match(
    (found: Parameters<typeof policyFaultLine>[0][]) => found.map(policyFaultLine),
    () => ["compiled"],
  )(
    E.mapLeft((found: ReadonlyArray<Parameters<typeof policyFaultLine>[0]>) => [...found])(
      compile("p", kind, document),
    ),
  );

it.each([
  ["one statement", { Version: "2012-10-17", Statement: allow }],
  ["several", policy(allow, { ...allow, Sid: "Again", Action: ["sqs:Get*", "*"] })],
  ["JSON text", JSON.stringify(policy(allow))],
  ["an Id", { ...policy(allow), Id: "x" }],
  ["inverses", policy({ Effect: "Deny", NotAction: "s3:*", NotResource: "*" })],
])("compiles %s", (_, document) => {
  expect(faults("identity", document)).toEqual(["compiled"]);
});

const condition = (block: unknown) => policy({ ...allow, Sid: "S", Condition: block });
const P = "policy p: statement S: ";

it.each([
  [
    "another version",
    { ...policy(allow), Version: "2008-10-17" },
    'policy p: Version: expected "2012-10-17"',
  ],
  ["no statement", policy(), "policy p: Statement: expected a statement or a list of statements"],
  ["no JSON", "{", "policy p: expected a policy document"],
  [
    "an unknown element of the document",
    { ...policy(allow), Extra: 1 },
    "policy p: Extra: expected no such property",
  ],
  [
    "an unknown element of a statement",
    policy({ ...allow, Actoin: "x" }),
    "policy p: statement #0: Actoin: expected no such property",
  ],
  [
    "another effect",
    policy(allow, { ...allow, Effect: "allow" }),
    'policy p: statement #1: Effect: expected "Allow" or "Deny"',
  ],
  [
    "an action without a service",
    policy({ ...allow, Action: ["sqs:Get*", "Send"] }),
    'policy p: statement #0: Action[1]: expected "*" or service:Action',
  ],
  [
    "no action",
    policy({ ...allow, Action: [] }),
    'policy p: statement #0: Action: expected "*" or service:Action, or a list of them',
  ],
  [
    "Action and NotAction",
    policy({ ...allow, NotAction: "s3:*" }),
    "policy p: statement #0: Action: expected either Action or NotAction",
  ],
  [
    "no resource",
    policy({ Effect: "Allow", Action: "s3:*" }),
    "policy p: statement #0: Resource: expected either Resource or NotResource",
  ],
  [
    "a name for a resource",
    policy({ ...allow, Resource: "orders" }),
    'policy p: statement #0: Resource: expected "*" or an ARN, or a list of them',
  ],
  [
    "a policy variable",
    policy({ ...allow, Resource: "arn:aws:s3:::b/${aws:username}" }),
    "policy p: statement #0: Resource: policy variables are not understood",
  ],
  [
    "a principal",
    policy({ ...allow, Principal: "*" }),
    "policy p: statement #0: Principal: has no place here",
  ],
  [
    "a Sid that IAM refuses",
    policy({ ...allow, Sid: "no spaces" }),
    "policy p: statement no spaces: Sid: expected letters and digits",
  ],
  [
    "a Sid twice",
    policy({ ...allow, Sid: "A" }, { ...allow, Sid: "A" }),
    "policy p: statement A: Sid: used twice",
  ],
  [
    "an unknown operator",
    condition({ StringIs: { "aws:SourceArn": "x" } }),
    P + "Condition.StringIs.aws:SourceArn: condition operator not understood",
  ],
  [
    "a date operator",
    condition({ DateLessThan: { "aws:SourceArn": "x" } }),
    P + "Condition.DateLessThan.aws:SourceArn: condition operator not understood",
  ],
  [
    "an unknown key",
    condition({ StringEquals: { "aws:userid": "x" } }),
    P + "Condition.StringEquals.aws:userid: condition key not understood",
  ],
  [
    "leading keys",
    condition({ "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": "x" } }),
    P + "Condition.ForAllValues:StringEquals.dynamodb:LeadingKeys: condition key not understood",
  ],
  [
    "a variable in a condition",
    condition({ StringEquals: { "aws:SourceArn": "${aws:x}" } }),
    P + "Condition.StringEquals.aws:SourceArn: policy variables are not understood",
  ],
  [
    "an ARN that is none",
    condition({ ArnLike: { "aws:SourceArn": "orders" } }),
    P + "Condition.ArnLike.aws:SourceArn: expected an ARN",
  ],
  [
    "a Bool that is none",
    condition({ Bool: { "aws:SecureTransport": "yes" } }),
    P + 'Condition.Bool.aws:SecureTransport: expected "true" or "false"',
  ],
  [
    "a Null that is none",
    condition({ Null: { "aws:SourceArn": "yes" } }),
    P + 'Condition.Null.aws:SourceArn: expected "true" or "false"',
  ],
  [
    "a number that is none",
    condition({ NumericLessThan: { "s3:max-keys": "ten" } }),
    P + "Condition.NumericLessThan.s3:max-keys: expected a number",
  ],
  [
    "an address that is none",
    condition({ IpAddress: { "aws:SourceIp": "10.0.0.0/33" } }),
    P + "Condition.IpAddress.aws:SourceIp: expected an IP address or CIDR block",
  ],
  [
    "a quantifier missing",
    condition({ StringEquals: { "kms:EncryptionContextKeys": "a" } }),
    P +
      "Condition.StringEquals.kms:EncryptionContextKeys: has many values: expected ForAnyValue or ForAllValues",
  ],
])("refuses %s, naming policy, statement and element", (_, document, fault) => {
  expect(faults("identity", document)).toEqual([fault]);
});

const resourceStatement = { ...allow, Principal: { AWS: "123456789012" } };

it.each([
  [
    "a principal of another kind",
    { ...allow, Principal: { Federated: "x" } },
    "Principal.Federated: expected no such property",
  ],
  [
    "a wildcard in a principal",
    { ...allow, Principal: { AWS: "arn:aws:iam::123456789012:role/*" } },
    'Principal: expected "*", an account, or a role, user or session ARN in AWS',
  ],
  [
    "a service that is none",
    { ...allow, Principal: { Service: "sns" } },
    "Principal: expected names as sns.amazonaws.com in Service",
  ],
  ["nobody", { ...allow, Principal: {} }, "Principal: names nobody"],
  ["no principal", allow, "Principal: expected either Principal or NotPrincipal"],
  [
    "an Allow with NotPrincipal",
    { ...allow, NotPrincipal: { AWS: "123456789012" } },
    "NotPrincipal: an Allow for all but some lets strangers in: name the principals",
  ],
])("refuses %s in a resource policy", (_, statement, fault) => {
  expect(faults("resource", policy(statement))).toEqual([`policy p: statement #0: ${fault}`]);
  expect(faults("resource", policy(resourceStatement))).toEqual(["compiled"]);
});

it("refuses a resource in a trust policy, and reports every fault at once", () => {
  expect(faults("trust", policy(resourceStatement, { ...allow, Effect: 1 }))).toEqual([
    "policy p: statement #0: Resource: has no place here",
    'policy p: statement #1: Effect: expected "Allow" or "Deny"',
  ]);
});

it("never throws, whatever the document: it compiles or has faults", () => {
  const element = fc.constantFrom(
    "Effect",
    "Action",
    "Resource",
    "Principal",
    "Condition",
    "Sid",
    "NotAction",
  );
  const statement = fc.dictionary(element, fc.oneof(fc.jsonValue(), fc.constantFrom("Allow", "*", "s3:*")));
  const nearly = fc.record({
    Version: fc.constant("2012-10-17"),
    Statement: fc.oneof(statement, fc.array(statement)),
  });
  const block = fc.dictionary(fc.string(), fc.dictionary(fc.string(), fc.jsonValue()));
  const document = fc.oneof(fc.jsonValue(), fc.json(), nearly, block.map(condition));
  const kind = fc.constantFrom<PolicyKind>("identity", "resource", "trust");
  fc.assert(
    fc.property(kind, document, (of, any) => {
      const compiled = compile("p", of, any);
      expect(E.isRight(compiled) || compiled.left.length > 0).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
